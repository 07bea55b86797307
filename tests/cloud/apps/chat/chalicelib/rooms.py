"""Who is connected, under which name, in which room: one item a connection in a table."""

import os

import boto3
from boto3.dynamodb.conditions import Attr


class Rooms:
    def __init__(self, table):
        self._table = table

    @classmethod
    def from_environment(cls):
        return cls(boto3.resource("dynamodb").Table(os.environ["CHAT_TABLE"]))

    def add(self, connection):
        self._table.put_item(Item={"connection": connection})

    def remove(self, connection):
        return self._table.delete_item(Key={"connection": connection}, ReturnValues="ALL_OLD").get(
            "Attributes", {}
        )

    def get(self, connection):
        return self._table.get_item(Key={"connection": connection}).get("Item", {})

    def change(self, connection, **values):
        for name, value in values.items():
            self._table.update_item(
                Key={"connection": connection},
                UpdateExpression="SET #name = :value",
                ExpressionAttributeNames={"#name": name},
                ExpressionAttributeValues={":value": value},
            )

    def connections_in(self, room):
        found = self._table.scan(FilterExpression=Attr("room").eq(room))["Items"]
        return [item["connection"] for item in found]
