"""A WebSocket API: what is said comes back, with who is on the line."""

from chalice import Blueprint, WebsocketDisconnectedError

line = Blueprint(__name__)


@line.on_ws_connect()
def came(event):
    print("HEARD", "somebody came")


@line.on_ws_message()
def said(event):
    app = line.current_app
    if event.body == "go":
        app.websocket_api.close(event.connection_id)
        return
    try:
        there = app.websocket_api.info(event.connection_id)["Identity"]["SourceIp"]
        app.websocket_api.send(event.connection_id, f"{event.body}, {there}")
    except WebsocketDisconnectedError:
        print("HEARD", "nobody any more")


@line.on_ws_disconnect()
def went(event):
    print("HEARD", "somebody went")
