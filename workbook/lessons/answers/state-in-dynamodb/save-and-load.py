# %% right: asks for the key with `in`, and keeps a consistent read
def save_item(table, item):
    table.put_item(Item=item)


def load_item(table, item_id):
    answer = table.get_item(Key={"item_id": item_id}, ConsistentRead=True)
    if "Item" not in answer:
        return None
    return answer["Item"]


# %% right: through the table's own client, in a transaction and a query
def save_item(table, item):
    put = {"TableName": table.name, "Item": item}
    table.meta.client.transact_write_items(TransactItems=[{"Put": put}])


def load_item(table, item_id):
    found = table.query(KeyConditionExpression=Key("item_id").eq(item_id))["Items"]
    return found[0] if found else None


# %% right: batches for both, and a table found by its name
def save_item(table, item):
    with table.batch_writer() as batch:
        batch.put_item(Item=dict(item))


def load_item(table, item_id):
    asked = {table.name: {"Keys": [{"item_id": item_id}]}}
    answers = boto3.resource("dynamodb").batch_get_item(RequestItems=asked)["Responses"]
    for item in answers[table.name]:
        return item


# %% wrong: takes a missing item for an error
# says: an answer without the key Item
def save_item(table, item):
    table.put_item(Item=item)


def load_item(table, item_id):
    return table.get_item(Key={"item_id": item_id})["Item"]


# %% wrong: hands the whole answer back
# says: the item stands under Item
def save_item(table, item):
    table.put_item(Item=item)


def load_item(table, item_id):
    answer = table.get_item(Key={"item_id": item_id})
    return answer if "Item" in answer else None


# %% wrong: answers an empty dict for what is not there
# says: load_item(table, "item_9") expected None
def save_item(table, item):
    table.put_item(Item=item)


def load_item(table, item_id):
    return table.get_item(Key={"item_id": item_id}).get("Item", {})


# %% wrong: updates attribute by attribute, so old ones stay
# says: update_item leaves the attributes that it does not name
def save_item(table, item):
    rest = {name: value for name, value in item.items() if name != "item_id"}
    table.update_item(
        Key={"item_id": item["item_id"]},
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in rest),
        ExpressionAttributeNames={f"#{name}": name for name in rest},
        ExpressionAttributeValues={f":{name}": value for name, value in rest.items()},
    )


def load_item(table, item_id):
    return table.get_item(Key={"item_id": item_id}).get("Item")


# %% wrong: keeps the items in a dict of this process
# says: a dict in this process
ITEMS = {}


def save_item(table, item):
    ITEMS[item["item_id"]] = item


def load_item(table, item_id):
    return ITEMS.get(item_id)


# %% wrong: saves in the table, and loads from a dict that remembers
# says: a dict in this process
KNOWN = {}


def save_item(table, item):
    KNOWN[item["item_id"]] = item
    table.put_item(Item=item)


def load_item(table, item_id):
    if item_id not in KNOWN:
        KNOWN[item_id] = table.get_item(Key={"item_id": item_id}).get("Item")
    return KNOWN[item_id]


# %% wrong: looks through a scan, which is one page
# says: get_item goes to one item by its key
def save_item(table, item):
    table.put_item(Item=item)


def load_item(table, item_id):
    for item in table.scan()["Items"]:
        if item["item_id"] == item_id:
            return item
