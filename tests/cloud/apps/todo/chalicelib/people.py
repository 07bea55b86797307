"""People, and what remains of their passwords: a salt, and a hash that takes long to make."""

import hashlib
import hmac
import os

from boto3.dynamodb.conditions import Attr


class People:
    def __init__(self, table):
        self._table = table

    def add(self, name, password):
        """Whether the name was free."""
        salt = os.urandom(16)
        item = {**_key(name), "salt": salt, "hash": _hash(password, salt)}
        try:
            self._table.put_item(Item=item, ConditionExpression=Attr("owner").not_exists())
        except self._table.meta.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def knows(self, name, password):
        found = self._table.get_item(Key=_key(name)).get("Item")
        if found is None:
            return False
        return hmac.compare_digest(found["hash"].value, _hash(password, found["salt"].value))

    def remove(self, name):
        self._table.delete_item(Key=_key(name))


def _key(name):
    return {"owner": name, "item": "person"}


def _hash(password, salt):
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
