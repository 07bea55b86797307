"""A chat: who connects says a name, enters a room, and is heard by all in it."""

import boto3
from chalice import Chalice, WebsocketDisconnectedError
from chalicelib.rooms import Rooms
from chalicelib.talk import Talk

app = Chalice(app_name="chat")
app.experimental_feature_flags.update(["WEBSOCKETS"])
app.websocket_api.session = boto3.session.Session()
app.debug = True


def talk():
    return Talk(Rooms.from_environment(), send)


def send(connection, text):
    """Whether the connection was still there."""
    try:
        app.websocket_api.send(connection, text)
    except WebsocketDisconnectedError:
        return False
    return True


@app.on_ws_connect()
def connect(event):
    talk().arrived(event.connection_id)


@app.on_ws_message()
def message(event):
    if event.body == "/hang up":
        app.websocket_api.close(event.connection_id)
        return
    talk().said(event.connection_id, event.body)


@app.on_ws_disconnect()
def disconnect(event):
    talk().left(event.connection_id)
