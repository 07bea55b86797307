"""A meter: a logger written for any Lambda handler, made into middleware for all of Chalice's."""

from aws_lambda_powertools import Logger
from chalice import Chalice, ConvertToMiddleware, Rate, Response

app = Chalice(app_name="meter")
logger = Logger(service="meter")
app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context(clear_state=True)))


@app.middleware("http")
def under_the_caller_s_id(event, get_response):
    """Every line of a request carries the id that its caller sent, and so does the answer."""
    number = event.headers.get("x-correlation-id", event.context["requestId"])
    logger.set_correlation_id(number)
    response = get_response(event)
    response.headers["x-correlation-id"] = number
    return response


@app.middleware("http")
def nothing_too_large(event, get_response):
    """One that answers itself: the view is not called."""
    if len(event.raw_body) > 100:
        logger.warning("too large")
        return Response({"most": 100}, status_code=413)
    return get_response(event)


@app.route("/readings", methods=["POST"])
def read():
    logger.info("read", extra=app.current_request.json_body)
    return {}


@app.schedule(Rate(1, unit=Rate.HOURS))
def hourly(event):
    logger.info("an hour went by")


@app.lambda_function()
def price(event, context):
    logger.info("asked for a price")
    return {"cents": event["kwh"] * 31}
