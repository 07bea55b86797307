# %% right: a paginator, and a condition written as text
def low_stock(table, shelf, below):
    pages = table.meta.client.get_paginator("query").paginate(
        TableName=table.name,
        IndexName="by-shelf",
        KeyConditionExpression="shelf = :shelf AND stock < :below",
        ExpressionAttributeValues={":shelf": shelf, ":below": below},
    )
    return [item for page in pages for item in page["Items"]]


# %% right: asks for what is at most one less, page by page
def low_stock(table, shelf, below):
    found, page = [], {"LastEvaluatedKey": None}
    while "LastEvaluatedKey" in page:
        last = page["LastEvaluatedKey"]
        page = table.query(
            IndexName="by-shelf",
            KeyConditionExpression=Key("shelf").eq(shelf) & Key("stock").lte(below - 1),
            ScanIndexForward=True,
            **({"ExclusiveStartKey": last} if last else {}),
        )
        found += page["Items"]
    return found


# %% wrong: scans, then filters
# says: a scan reads the whole table
def low_stock(table, shelf, below):
    pages = table.meta.client.get_paginator("scan").paginate(
        TableName=table.name,
        FilterExpression=Attr("shelf").eq(shelf) & Attr("stock").lt(below),
    )
    found = [item for page in pages for item in page["Items"]]
    return sorted(found, key=lambda item: item["stock"])


# %% wrong: queries the shelf and picks in Python
# says: read first, and paid for
def low_stock(table, shelf, below):
    found, start = [], {}
    while True:
        page = table.query(
            IndexName="by-shelf",
            KeyConditionExpression=Key("shelf").eq(shelf),
            **start,
        )
        found += [item for item in page["Items"] if item["stock"] < below]
        if "LastEvaluatedKey" not in page:
            return found
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


# %% wrong: counts the limit itself in
# says: below 3 leaves out 3
def low_stock(table, shelf, below):
    pages = table.meta.client.get_paginator("query").paginate(
        TableName=table.name,
        IndexName="by-shelf",
        KeyConditionExpression=Key("shelf").eq(shelf) & Key("stock").lte(below),
    )
    return [item for page in pages for item in page["Items"]]


# %% wrong: takes the first page for all
# says: A query has pages too
def low_stock(table, shelf, below):
    return table.query(
        IndexName="by-shelf",
        KeyConditionExpression=Key("shelf").eq(shelf) & Key("stock").lt(below),
    )["Items"]


# %% wrong: most first
# says: lowest stock first
def low_stock(table, shelf, below):
    pages = table.meta.client.get_paginator("query").paginate(
        TableName=table.name,
        IndexName="by-shelf",
        KeyConditionExpression=Key("shelf").eq(shelf) & Key("stock").lt(below),
        ScanIndexForward=False,
    )
    return [item for page in pages for item in page["Items"]]


# %% wrong: asks the table and not its index
# says: the table's own key is item_id
def low_stock(table, shelf, below):
    return table.query(
        KeyConditionExpression=Key("shelf").eq(shelf) & Key("stock").lt(below),
    )["Items"]


# %% wrong: leaves out what is sold out
# says: sold out is low, too
def low_stock(table, shelf, below):
    pages = table.meta.client.get_paginator("query").paginate(
        TableName=table.name,
        IndexName="by-shelf",
        KeyConditionExpression=Key("shelf").eq(shelf) & Key("stock").between(1, below - 1),
    )
    return [item for page in pages for item in page["Items"]]


# %% wrong: a filter on the index: reads the whole shelf
# says: read first, and paid for
def low_stock(table, shelf, below):
    found, start = [], {}
    while True:
        page = table.query(
            IndexName="by-shelf",
            KeyConditionExpression=Key("shelf").eq(shelf),
            FilterExpression=Attr("item_id").exists(),
            **start,
        )
        found += [item for item in page["Items"] if item["stock"] < below]
        if "LastEvaluatedKey" not in page:
            return found
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
