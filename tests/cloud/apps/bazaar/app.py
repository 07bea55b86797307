"""A bazaar: one stall for each thing that can call a function and that a template can hold."""

import boto3
from chalice import AuthResponse, Chalice, IAMAuthorizer, Rate

app = Chalice(app_name="bazaar")
app.experimental_feature_flags.update(["WEBSOCKETS"])
app.websocket_api.session = boto3.session.Session()
app.api.binary_types.append("image/webp")


@app.authorizer(ttl_seconds=0)
def doorman(request):
    return AuthResponse(routes=["/stalls"] if request.token == "open" else [], principal_id="buyer")


@app.route("/stalls", authorizer=doorman, cors=True)
def stalls():
    return {"buyer": app.current_request.context["authorizer"]["principalId"]}


@app.route("/till", api_key_required=True)
def till():
    return {}


@app.route("/books", authorizer=IAMAuthorizer())
def books():
    return {}


@app.schedule(Rate(1, unit=Rate.HOURS))
def chime(event):
    print("CHIMED")


@app.on_cw_event({"source": ["bazaar"]})
def cry(event):
    print("CRIED", event.detail_type)


@app.on_sns_message(topic="bazaar-news")
def hear(event):
    print("HEARD", event.message)


@app.on_sqs_message(queue="bazaar-orders", batch_size=2, maximum_concurrency=2)
def serve(event):
    print("SERVED", *[record.body for record in event])


@app.on_dynamodb_record(stream_arn="the table's, which its test writes here")
def count(event):
    print("COUNTED", *[record.keys["id"]["S"] for record in event])


@app.lambda_function()
def weigh(event, context):
    return {"grams": event["kilos"] * 1000}


@app.on_ws_connect()
def arrive(event):
    print("ARRIVED")


@app.on_ws_message()
def haggle(event):
    app.websocket_api.send(event.connection_id, f"{event.body}? No.")


@app.on_ws_disconnect()
def leave(event):
    print("LEFT")
