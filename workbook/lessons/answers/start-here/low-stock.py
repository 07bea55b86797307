# %% right: one comprehension over keys and items
def low_stock(inventory, at_most):
    return [item["name"] for _, item in inventory.items() if not at_most < item["stock"]]


# %% right: asks the other way round
def low_stock(inventory, at_most):
    low = []
    for item_id in inventory:
        if inventory[item_id]["stock"] > at_most:
            continue
        low.append(inventory[item_id]["name"])
    return low


# %% right: filters, then names
def low_stock(inventory, at_most):
    def is_low(item):
        return not item["stock"] > at_most

    return [item["name"] for item in filter(is_low, inventory.values())]


# %% wrong: leaves out the number itself
# says: "at most 3" includes 3
def low_stock(inventory, at_most):
    return [item["name"] for item in inventory.values() if item["stock"] < at_most]


# %% wrong: hands over the ids
# says: keys of the inventory
def low_stock(inventory, at_most):
    return [item_id for item_id, item in inventory.items() if item["stock"] <= at_most]


# %% wrong: hands over the items
# says: whole items
def low_stock(inventory, at_most):
    return [item for item in inventory.values() if item["stock"] <= at_most]


# %% wrong: prints instead of returning
# says: Printing shows a value to a person
def low_stock(inventory, at_most):
    for item in inventory.values():
        if item["stock"] <= at_most:
            print(item["name"])


# %% wrong: answers the example
# says: whatever it is asked
def low_stock(inventory, at_most):
    return ["Paper filters", "Milk jug"]


# %% wrong: reads the shop's inventory and not the one it is given
# says: its parameter
def low_stock(inventory, at_most):
    return [item["name"] for item in INVENTORY.values() if item["stock"] <= at_most]


# %% wrong: sorts by name
# says: the inventory's order
def low_stock(inventory, at_most):
    return sorted(item["name"] for item in inventory.values() if item["stock"] <= at_most)


# %% wrong: takes the others out of the inventory
# says: was changed
def low_stock(inventory, at_most):
    for item_id in list(inventory):
        if inventory[item_id]["stock"] > at_most:
            del inventory[item_id]
    return [item["name"] for item in inventory.values()]


# %% wrong: hands over a generator
# says: list(…)
def low_stock(inventory, at_most):
    return (item["name"] for item in inventory.values() if item["stock"] <= at_most)


# %% wrong: takes an empty shelf for no number
# says: 0 is a number
def low_stock(inventory, at_most):
    return [
        item["name"] for item in inventory.values() if item["stock"] and item["stock"] <= at_most
    ]


# %% wrong: hands over the first one only
# says: after the first
def low_stock(inventory, at_most):
    for item in inventory.values():
        if item["stock"] <= at_most:
            return [item["name"]]
    return []


# %% wrong: misspells a key
# says: KeyError: 'title'
def low_stock(inventory, at_most):
    return [item["title"] for item in inventory.values() if item["stock"] <= at_most]


# %% wrong: hands over the first one, or nothing at all
# says: after the first
def low_stock(inventory, at_most):
    for item in inventory.values():
        if item["stock"] <= at_most:
            return [item["name"]]
