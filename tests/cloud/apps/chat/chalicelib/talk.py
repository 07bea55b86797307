"""What is said, and who hears it. Commands begin with a slash; the first message is a name."""


class Talk:
    def __init__(self, rooms, send):
        self._rooms = rooms
        self._send = send

    def arrived(self, connection):
        self._rooms.add(connection)

    def said(self, connection, text):
        who = self._rooms.get(connection)
        if "name" not in who:
            self._rooms.change(connection, name=text)
            self._send(connection, f"Hello, {text}. /join a room.")
        elif text.startswith("/join "):
            room = text.removeprefix("/join ")
            self._rooms.change(connection, room=room)
            self._tell(room, f"{who['name']} joined {room}")
        elif "room" in who:
            self._tell(who["room"], f"{who['name']}: {text}")
        else:
            self._send(connection, "You are in no room. /join one.")

    def left(self, connection):
        who = self._rooms.remove(connection)
        if "room" in who:
            self._tell(who["room"], f"{who['name']} left")

    def _tell(self, room, text):
        for connection in self._rooms.connections_in(room):
            if not self._send(connection, text):
                self._rooms.remove(connection)
