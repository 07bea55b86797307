"""One person's things to do: items below the person's own name, so that no other can reach them."""

import secrets

from boto3.dynamodb.conditions import Attr, Key

PREFIX = "todo "


class Todos:
    def __init__(self, table, owner):
        self._table = table
        self._owner = owner

    def add(self, text):
        number = secrets.token_hex(4)
        self._table.put_item(Item={**self._key(number), "text": text, "done": False})
        return {"number": number, "text": text, "done": False}

    def every(self):
        mine = Key("owner").eq(self._owner) & Key("item").begins_with(PREFIX)
        found = self._table.query(KeyConditionExpression=mine)["Items"]
        return sorted(map(_shown, found), key=lambda todo: todo["text"])

    def finish(self, number):
        """Whether there was one of this number."""
        try:
            self._table.update_item(
                Key=self._key(number),
                UpdateExpression="SET done = :yes",
                ExpressionAttributeValues={":yes": True},
                ConditionExpression=Attr("owner").exists(),
            )
        except self._table.meta.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def forget(self):
        for todo in self.every():
            self._table.delete_item(Key=self._key(todo["number"]))

    def _key(self, number):
        return {"owner": self._owner, "item": PREFIX + number}


def _shown(item):
    number = item["item"].removeprefix(PREFIX)
    return {"number": number, "text": item["text"], "done": item["done"]}
