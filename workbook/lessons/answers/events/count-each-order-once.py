# %% right: keeps the ids on the item itself
def reserve(order, orders, stock):
    try:
        stock.update_item(
            Key={"item_id": order["item_id"]},
            UpdateExpression="SET stock = stock - :q ADD handled :ids",
            ConditionExpression="attribute_exists(stock) AND NOT contains(handled, :id)",
            ExpressionAttributeValues={
                ":q": order["quantity"],
                ":id": order["order_id"],
                ":ids": {order["order_id"]},
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        row = stock.get_item(Key={"item_id": order["item_id"]}).get("Item", {})
        if order["order_id"] not in row.get("handled", ()):
            raise


# %% right: a transaction with the low-level client
def reserve(order, orders, stock):
    seen = {
        "TableName": orders.name,
        "Item": {"order_id": {"S": order["order_id"]}, "state": {"S": "reserved"}},
        "ConditionExpression": "attribute_not_exists(order_id)",
    }
    less = {
        "TableName": stock.name,
        "Key": {"item_id": {"S": order["item_id"]}},
        "UpdateExpression": "ADD stock :less",
        "ConditionExpression": "attribute_exists(item_id)",
        "ExpressionAttributeValues": {":less": {"N": str(-order["quantity"])}},
    }
    client = boto3.client("dynamodb")
    try:
        client.transact_write_items(TransactItems=[{"Update": less}, {"Put": seen}])
    except client.exceptions.TransactionCanceledException as error:
        if error.response["CancellationReasons"][1]["Code"] != "ConditionalCheckFailed":
            raise


# %% wrong: remembers in a set
# says: These tables never saw o1
seen = set()


def reserve(order, orders, stock):
    if order["order_id"] in seen:
        return
    stock.update_item(
        Key={"item_id": order["item_id"]},
        UpdateExpression="SET stock = stock - :quantity",
        ExpressionAttributeValues={":quantity": order["quantity"]},
    )
    seen.add(order["order_id"])


# %% wrong: marks first, and loses the order when the rest fails
# says: Mark and reservation have to happen together
def reserve(order, orders, stock):
    try:
        orders.put_item(
            Item={"order_id": order["order_id"]},
            ConditionExpression="attribute_not_exists(order_id)",
        )
    except ClientError:
        return
    stock.update_item(
        Key={"item_id": order["item_id"]},
        UpdateExpression="SET stock = stock - :quantity",
        ExpressionAttributeValues={":quantity": order["quantity"]},
    )


# %% wrong: takes orders that ask for the same for one order
# says: Another order that asks for the same is not a duplicate
def reserve(order, orders, stock):
    mark = f"{order['item_id']}-{order['quantity']}"
    if "Item" in orders.get_item(Key={"order_id": mark}):
        return
    stock.update_item(
        Key={"item_id": order["item_id"]},
        UpdateExpression="SET stock = stock - :quantity",
        ExpressionAttributeValues={":quantity": order["quantity"]},
    )
    orders.put_item(Item={"order_id": mark})


# %% wrong: swallows every cancelled transaction
# says: An order that was not taken out of the stock must not count as done
def reserve(order, orders, stock):
    client = orders.meta.client
    new = {
        "TableName": orders.name,
        "Item": {"order_id": order["order_id"]},
        "ConditionExpression": "attribute_not_exists(order_id)",
    }
    less = {
        "TableName": stock.name,
        "Key": {"item_id": order["item_id"]},
        "UpdateExpression": "SET stock = stock - :quantity",
        "ConditionExpression": "attribute_exists(item_id)",
        "ExpressionAttributeValues": {":quantity": order["quantity"]},
    }
    try:
        client.transact_write_items(TransactItems=[{"Put": new}, {"Update": less}])
    except client.exceptions.TransactionCanceledException:
        pass


# %% wrong: raises at a duplicate, so that the queue delivers it again
# says: TransactionCanceledException
def reserve(order, orders, stock):
    new = {
        "TableName": orders.name,
        "Item": {"order_id": order["order_id"]},
        "ConditionExpression": "attribute_not_exists(order_id)",
    }
    less = {
        "TableName": stock.name,
        "Key": {"item_id": order["item_id"]},
        "UpdateExpression": "SET stock = stock - :quantity",
        "ExpressionAttributeValues": {":quantity": order["quantity"]},
    }
    orders.meta.client.transact_write_items(TransactItems=[{"Put": new}, {"Update": less}])


# %% right: one transaction through the resource's own client, errors told apart by the reason
def reserve(order, orders, stock):
    client = stock.meta.client
    seen = {
        "Put": {
            "TableName": orders.name,
            "Item": {"order_id": order["order_id"]},
            "ConditionExpression": "attribute_not_exists(order_id)",
        }
    }
    less = {
        "Update": {
            "TableName": stock.name,
            "Key": {"item_id": order["item_id"]},
            "UpdateExpression": "SET stock = stock - :q",
            "ExpressionAttributeValues": {":q": order["quantity"]},
        }
    }
    try:
        client.transact_write_items(TransactItems=[seen, less])
    except ClientError as error:
        reasons = error.response.get("CancellationReasons") or [{}]
        if reasons[0].get("Code") != "ConditionalCheckFailed":
            raise


# %% wrong: get_item first, then write down: two environments at once both find nothing
# says: Both looked before either had written
def reserve(order, orders, stock):
    if "Item" in orders.get_item(Key={"order_id": order["order_id"]}):
        return
    stock.update_item(
        Key={"item_id": order["item_id"]},
        UpdateExpression="SET stock = stock - :quantity",
        ExpressionAttributeValues={":quantity": order["quantity"]},
    )
    orders.put_item(Item={"order_id": order["order_id"]})


# %% wrong: types the names of the tables
# says: Or are their names typed?
def reserve(order, orders, stock):
    tables = stock.meta.client
    new = {
        "TableName": "orders",
        "Item": {"order_id": order["order_id"]},
        "ConditionExpression": "attribute_not_exists(order_id)",
    }
    less = {
        "TableName": "stock",
        "Key": {"item_id": order["item_id"]},
        "UpdateExpression": "SET stock = stock - :less",
        "ExpressionAttributeValues": {":less": order["quantity"]},
    }
    try:
        tables.transact_write_items(TransactItems=[{"Put": new}, {"Update": less}])
    except tables.exceptions.TransactionCanceledException:
        print("seen before")
