# %% right: reads, writes on condition that nothing changed, tries again
def reserve(table, item_id, count):
    while True:
        item = table.get_item(Key={"item_id": item_id}, ConsistentRead=True).get("Item")
        if item is None or item["stock"] < count:
            return False
        try:
            table.update_item(
                Key={"item_id": item_id},
                UpdateExpression="SET stock = :new",
                ConditionExpression="stock = :seen",
                ExpressionAttributeValues={":new": item["stock"] - count, ":seen": item["stock"]},
            )
            return True
        except table.meta.client.exceptions.ConditionalCheckFailedException:
            continue


# %% right: adds a negative number, under a condition built with Attr
def reserve(table, item_id, count):
    try:
        table.update_item(
            Key={"item_id": item_id},
            UpdateExpression="ADD stock :less",
            ConditionExpression=Attr("stock").gte(count),
            ExpressionAttributeValues={":less": -count},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


# %% right: a transaction of one
def reserve(table, item_id, count):
    update = {
        "TableName": table.name,
        "Key": {"item_id": item_id},
        "UpdateExpression": "SET stock = stock - :count",
        "ConditionExpression": "attribute_exists(item_id) AND stock >= :count",
        "ExpressionAttributeValues": {":count": count},
    }
    client = table.meta.client
    try:
        client.transact_write_items(TransactItems=[{"Update": update}])
    except client.exceptions.TransactionCanceledException:
        return False
    return True


# %% wrong: reads, looks, writes
# says: Between your read and your write
def reserve(table, item_id, count):
    item = table.get_item(Key={"item_id": item_id}).get("Item")
    if item is None or item["stock"] < count:
        return False
    table.update_item(
        Key={"item_id": item_id},
        UpdateExpression="SET stock = :new",
        ExpressionAttributeValues={":new": item["stock"] - count},
    )
    return True


# %% wrong: a lock around read and write
# says: A lock holds the threads of one process
from threading import Lock

LOCK = Lock()


def reserve(table, item_id, count):
    with LOCK:
        item = table.get_item(Key={"item_id": item_id}, ConsistentRead=True).get("Item")
        if item is None or item["stock"] < count:
            return False
        item["stock"] -= count
        table.put_item(Item=item)
        return True


# %% wrong: subtracts in the table, after looking
# says: Between your read and your write
def reserve(table, item_id, count):
    item = table.get_item(Key={"item_id": item_id}).get("Item")
    if item is None or item["stock"] < count:
        return False
    table.update_item(
        Key={"item_id": item_id},
        UpdateExpression="SET stock = stock - :count",
        ExpressionAttributeValues={":count": count},
    )
    return True


# %% wrong: gives up when somebody else was quicker
# says: there was enough for both
def reserve(table, item_id, count):
    item = table.get_item(Key={"item_id": item_id}).get("Item")
    if item is None or item["stock"] < count:
        return False
    try:
        table.update_item(
            Key={"item_id": item_id},
            UpdateExpression="SET stock = :new",
            ConditionExpression="stock = :seen",
            ExpressionAttributeValues={":new": item["stock"] - count, ":seen": item["stock"]},
        )
    except ClientError:
        return False
    return True


# %% wrong: takes first, puts back when it was too much
# says: below zero, if only for a moment
def reserve(table, item_id, count):
    if "Item" not in table.get_item(Key={"item_id": item_id}):
        return False

    def add(number):
        return table.update_item(
            Key={"item_id": item_id},
            UpdateExpression="ADD stock :number",
            ExpressionAttributeValues={":number": number},
            ReturnValues="UPDATED_NEW",
        )["Attributes"]["stock"]

    if add(-count) < 0:
        add(count)
        return False
    return True


# %% wrong: the condition is there, its refusal is not caught
# says: ConditionalCheckFailedException is how a table says no
def reserve(table, item_id, count):
    table.update_item(
        Key={"item_id": item_id},
        UpdateExpression="SET stock = stock - :count",
        ConditionExpression="stock >= :count",
        ExpressionAttributeValues={":count": count},
    )
    return True


# %% wrong: more than enough is asked for, so the last one stays
# says: the last ones may be reserved too
def reserve(table, item_id, count):
    try:
        table.update_item(
            Key={"item_id": item_id},
            UpdateExpression="SET stock = stock - :count",
            ConditionExpression="stock > :count",
            ExpressionAttributeValues={":count": count},
        )
    except ClientError:
        return False
    return True


# %% wrong: writes the whole item back, and with it an old price
# says: writes the whole item back
def reserve(table, item_id, count):
    while True:
        item = table.get_item(Key={"item_id": item_id}, ConsistentRead=True).get("Item")
        if item is None or item["stock"] < count:
            return False
        seen = item["stock"]
        item["stock"] = seen - count
        try:
            table.put_item(Item=item, ConditionExpression=Attr("stock").eq(seen))
            return True
        except ClientError:
            continue


# %% wrong: any error is a no
# says: item_9
def reserve(table, item_id, count):
    try:
        table.update_item(
            Key={"item_id": item_id},
            UpdateExpression="ADD stock :less",
            ConditionExpression="attribute_not_exists(stock) OR stock >= :count",
            ExpressionAttributeValues={":less": -count, ":count": count},
        )
    except ClientError:
        return False
    return True


# %% wrong: every error is "too few"
# says: A busy table is no empty shelf
def reserve(table, item_id, count):
    try:
        table.update_item(
            Key={"item_id": item_id},
            UpdateExpression="SET stock = stock - :n",
            ConditionExpression="stock >= :n",
            ExpressionAttributeValues={":n": count},
        )
    except Exception:
        return False
    return True
