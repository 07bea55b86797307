# %% right: nothing added for an empty shelf
def stock_take(inventory):
    units, empty = 0, []
    for item in inventory.values():
        if item["stock"] == 0:
            empty.append(item["name"])
        units += item["stock"]
    return {"units": units, "empty": empty}


# %% right: two passes
def stock_take(inventory):
    items = inventory.values()
    return {
        "units": sum(item["stock"] for item in items),
        "empty": [item["name"] for item in items if not item["stock"]],
    }


# %% wrong: counts every unit and still stops at the first empty shelf
# says: ends at the first
def stock_take(inventory):
    units = sum(item["stock"] for item in inventory.values())
    empty = []
    for item in inventory.values():
        if item["stock"] == 0:
            empty.append(item["name"])
            break
    return {"units": units, "empty": empty}


# %% wrong: counts to the end and forgets the empty shelves
# says: names of items with a stock of 0
def stock_take(inventory):
    units, empty = 0, []
    for item in inventory.values():
        units += item["stock"]
    return {"units": units, "empty": empty}


# %% wrong: keeps the last empty shelf only
# says: replaces the one before
def stock_take(inventory):
    units, empty = 0, []
    for item in inventory.values():
        if item["stock"] == 0:
            empty = [item["name"]]
            continue
        units += item["stock"]
    return {"units": units, "empty": empty}


# %% wrong: the list of empty shelves outlives the call
# says: remembers the call before
def stock_take(inventory, empty=[]):
    units = 0
    for item in inventory.values():
        if item["stock"] == 0:
            empty.append(item["name"])
            continue
        units += item["stock"]
    return {"units": units, "empty": empty}


# %% wrong: counts kinds, not units
# says: how many kinds
def stock_take(inventory):
    empty = [item["name"] for item in inventory.values() if item["stock"] == 0]
    return {"units": len(inventory), "empty": empty}


# %% wrong: returns inside the loop
# says: inside the loop
def stock_take(inventory):
    units, empty = 0, []
    for item in inventory.values():
        if item["stock"] == 0:
            empty.append(item["name"])
            continue
        units += item["stock"]
        return {"units": units, "empty": empty}


# %% wrong: hands over two values
# says: a dict with
def stock_take(inventory):
    items = inventory.values()
    return sum(i["stock"] for i in items), [i["name"] for i in items if i["stock"] == 0]


# %% wrong: ids for names
# says: the names of the items
def stock_take(inventory):
    units = sum(item["stock"] for item in inventory.values())
    return {"units": units, "empty": [i for i, item in inventory.items() if item["stock"] == 0]}


# %% wrong: the names are yet to be made
# says: list(…)
def stock_take(inventory):
    units = sum(item["stock"] for item in inventory.values())
    return {
        "units": units,
        "empty": (item["name"] for item in inventory.values() if item["stock"] == 0),
    }


# %% wrong: a list outside the function
# says: remembers the call before
EMPTY = []


def stock_take(inventory):
    for item in inventory.values():
        if item["stock"] == 0:
            EMPTY.append(item["name"])
    return {"units": sum(item["stock"] for item in inventory.values()), "empty": EMPTY}
