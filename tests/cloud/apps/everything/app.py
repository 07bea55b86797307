"""Every feature that Chalice has, each once and small; the parts are blueprints in chalicelib/."""

import os

import boto3
from chalice import Chalice, ConvertToMiddleware, Response, WebsocketDisconnectedError
from chalicelib.doors import doors, member
from chalicelib.ears import ears
from chalicelib.shelves import shelves
from chalicelib.watch import counted, watch

app = Chalice(app_name="everything")
app.experimental_feature_flags.update(["BLUEPRINTS", "WEBSOCKETS"])
app.websocket_api.session = boto3.session.Session()
app.api.binary_types.append("image/webp")
app.register_middleware(counted, "all")
app.register_middleware(ConvertToMiddleware(watch), "pure_lambda")
app.register_blueprint(shelves, url_prefix="/shelves")
app.register_blueprint(doors, url_prefix="/doors")
app.register_blueprint(ears)


@app.middleware("http")
def signed_by_the_shop(event, get_response):
    response = get_response(event)
    response.headers["x-shop"] = os.environ["SHOP"]
    return response


@app.route("/")
def index():
    import labels  # from vendor/
    import words  # from a layer of somebody else's

    return {"release": os.environ["RELEASE"], "label": labels.PRICE, "word": words.GREETING}


@app.route("/health", methods=["GET", "HEAD"], name="health")
def health():
    return Response(body="", status_code=204)


@app.route("/mine", authorizer=member)
def mine():
    return app.current_request.context["authorizer"]["principalId"]


@app.route("/scoped", authorizer=member.with_scopes(["shop/read"]))
def scoped():
    return {}


@app.lambda_function(name="plain")
def called_by_name(event, context):
    return {"asked": event, "memory": context.memory_limit_in_mb, "only": os.environ.get("ONLY")}


# Not in a blueprint: Chalice hands the handlers of one the bare event, and the context.
@app.on_ws_connect()
def came(event):
    print("HEARD", "somebody came")


@app.on_ws_message()
def said(event):
    if event.body == "go":
        app.websocket_api.close(event.connection_id)
        return
    try:
        there = app.websocket_api.info(event.connection_id)["Identity"]["SourceIp"]
        app.websocket_api.send(event.connection_id, f"{event.body}, {there}")
    except WebsocketDisconnectedError:
        print("HEARD", "nobody any more")


@app.on_ws_disconnect()
def went(event):
    print("HEARD", "somebody went")
