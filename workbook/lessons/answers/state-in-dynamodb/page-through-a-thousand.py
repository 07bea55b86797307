# %% right: the paginator of the table's client
def all_items(table):
    pages = table.meta.client.get_paginator("scan").paginate(TableName=table.name)
    return [item for page in pages for item in page["Items"]]


# %% right: a walrus and a key that is None at the end
def all_items(table):
    page = table.scan(ConsistentRead=True)
    found = page["Items"]
    while last := page.get("LastEvaluatedKey"):
        page = table.scan(ExclusiveStartKey=last)
        found = found + page["Items"]
    return found


# %% right: small pages, by recursion
def all_items(table, **start):
    page = table.scan(Limit=120, **start)
    rest = []
    if page.get("LastEvaluatedKey"):
        rest = all_items(table, ExclusiveStartKey=page["LastEvaluatedKey"])
    return [*page["Items"], *rest]


# %% wrong: one scan is everything
# says: one page
def all_items(table):
    return table.scan()["Items"]


# %% wrong: asks for a page large enough
# says: Limit can make a page smaller, never larger
def all_items(table):
    return table.scan(Limit=100_000)["Items"]


# %% wrong: two pages, for there was a second one
# says: only the first two pages
def all_items(table):
    page = table.scan()
    items = page["Items"]
    if "LastEvaluatedKey" in page:
        items += table.scan(ExclusiveStartKey=page["LastEvaluatedKey"])["Items"]
    return items


# %% wrong: keeps the last page only
# says: the last page
def all_items(table):
    page = table.scan()
    while "LastEvaluatedKey" in page:
        page = table.scan(ExclusiveStartKey=page["LastEvaluatedKey"])
    return page["Items"]


# %% wrong: goes on until a key is missing
# says: the last page has no LastEvaluatedKey
def all_items(table):
    items, start = [], {}
    while True:
        page = table.scan(**start)
        items.extend(page["Items"])
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


# %% wrong: leaves the loop before it keeps the last page
# says: the last page was fetched and not kept
def all_items(table):
    items, start = [], {}
    while True:
        page = table.scan(**start)
        if "LastEvaluatedKey" not in page:
            return items
        items.extend(page["Items"])
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


# %% wrong: never sets the start, so the first page comes for ever
# says: the first page again and again
def all_items(table):
    items, start = [], {}
    while len(items) < 100:
        page = table.scan(**start)
        items.extend(page["Items"])
        if "LastEvaluatedKey" not in page:
            return items
    return items


# %% wrong: stops at a thousand, which is the number in the text
# says: the last page has no LastEvaluatedKey
def all_items(table):
    items, start = [], {}
    while len(items) < 1000:
        page = table.scan(**start)
        items.extend(page["Items"])
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    return items
