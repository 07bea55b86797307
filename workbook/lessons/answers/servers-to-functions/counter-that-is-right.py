# %% right: SET with a start value instead of ADD
def count_visit(table):
    changed = table.update_item(
        Key={"counter": "visits"},
        UpdateExpression="SET visits = if_not_exists(visits, :zero) + :one",
        ExpressionAttributeValues={":zero": 0, ":one": 1},
        ReturnValues="ALL_NEW",
    )
    return changed["Attributes"]["visits"]


# %% right: takes the old value and adds one to it at home
def count_visit(table):
    before = table.update_item(
        Key={"counter": "visits"},
        UpdateExpression="ADD #v :n",
        ExpressionAttributeNames={"#v": "visits"},
        ExpressionAttributeValues={":n": 1},
        ReturnValues="UPDATED_OLD",
    )
    return int(before.get("Attributes", {}).get("visits", 0)) + 1


# %% right: reads, writes on condition, and tries again
from boto3.dynamodb.conditions import Attr


def count_visit(table):
    while True:
        row = table.get_item(Key={"counter": "visits"}, ConsistentRead=True).get("Item")
        new = (row["visits"] if row else 0) + 1
        unchanged = Attr("visits").eq(row["visits"]) if row else Attr("counter").not_exists()
        try:
            table.put_item(Item={"counter": "visits", "visits": new}, ConditionExpression=unchanged)
            return new
        except table.meta.client.exceptions.ConditionalCheckFailedException:
            continue


# %% right: the client below the table, with DynamoDB's own types
def count_visit(table):
    answer = table.meta.client.update_item(
        TableName=table.name,
        Key={"counter": "visits"},
        UpdateExpression="ADD visits :one",
        ExpressionAttributeValues={":one": 1},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["visits"])


# %% wrong: counts in a global, and stores the number
# says: A number kept in a global of this one knows nothing of that
visits = 0


def count_visit(table):
    global visits
    visits += 1
    table.put_item(Item={"counter": "visits", "visits": visits})
    return visits


# %% wrong: reads, adds one, writes
# says: your write put the older number back: one visitor is lost
def count_visit(table):
    row = table.get_item(Key={"counter": "visits"}).get("Item", {"visits": 0})
    visits = int(row["visits"]) + 1
    table.put_item(Item={"counter": "visits", "visits": visits})
    return visits


# %% wrong: reads, then sets with update_item, which is no better
# says: your write put the older number back: one visitor is lost
def count_visit(table):
    found = table.get_item(Key={"counter": "visits"}, ConsistentRead=True)
    visits = found["Item"]["visits"] + 1 if "Item" in found else 1
    table.update_item(
        Key={"counter": "visits"},
        UpdateExpression="SET visits = :new",
        ExpressionAttributeValues={":new": visits},
    )
    return visits


# %% wrong: lets the table add, and reads the number afterwards
# says: two visitors are told the same one
def count_visit(table):
    table.update_item(
        Key={"counter": "visits"},
        UpdateExpression="ADD visits :one",
        ExpressionAttributeValues={":one": 1},
    )
    return int(table.get_item(Key={"counter": "visits"})["Item"]["visits"])


# %% wrong: reads the row once, when it is a new environment, and adds from there
# says: A number kept in a global of this one knows nothing of that
cache = {}


def count_visit(table):
    if "visits" not in cache:
        row = table.get_item(Key={"counter": "visits"}).get("Item", {"visits": 0})
        cache["visits"] = int(row["visits"])
    cache["visits"] += 1
    table.put_item(Item={"counter": "visits", "visits": cache["visits"]})
    return cache["visits"]


# %% wrong: a condition, but nobody who tries again
# says: ConditionalCheckFailedException
from boto3.dynamodb.conditions import Attr


def count_visit(table):
    row = table.get_item(Key={"counter": "visits"}).get("Item")
    new = (row["visits"] if row else 0) + 1
    unchanged = Attr("visits").eq(row["visits"]) if row else Attr("counter").not_exists()
    table.put_item(Item={"counter": "visits", "visits": new}, ConditionExpression=unchanged)
    return new


# %% wrong: UPDATED_OLD is the number before mine
# says: UPDATED_OLD is the number before
def count_visit(table):
    answer = table.update_item(
        Key={"counter": "visits"},
        UpdateExpression="ADD visits :one",
        ExpressionAttributeValues={":one": 1},
        ReturnValues="UPDATED_OLD",
    )
    return answer.get("Attributes", {}).get("visits", 0)


# %% wrong: never asks for the number back
# says: hands back no number unless it is asked to
def count_visit(table):
    answer = table.update_item(
        Key={"counter": "visits"},
        UpdateExpression="ADD visits :one",
        ExpressionAttributeValues={":one": 1},
    )
    return answer.get("Attributes")
