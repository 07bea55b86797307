# %% right: looks the item up with get
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    return {"items": list(INVENTORY.values())}


@app.route("/items/{item_id}")
def read_item(item_id):
    item = INVENTORY.get(item_id)
    if item is None:
        raise NotFoundError(f"There is no item {item_id}")
    return item


# %% right: lets KeyError happen and turns it into NotFoundError
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    return {"items": list(INVENTORY.values())}


@app.route("/items/{item_id}", methods=["GET"])
def read_item(item_id):
    try:
        return INVENTORY[item_id]
    except KeyError:
        raise NotFoundError(item_id) from None


# %% right: builds both answers as a Response
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    return {"items": list(INVENTORY.values())}


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id in INVENTORY:
        return Response(body=INVENTORY[item_id], status_code=200)
    return Response(
        body={"Message": f"{item_id} is not sold here"},
        headers={"Content-Type": "application/json"},
        status_code=404,
    )


# %% right: searches the items, has an error of its own, registers the view by a plain call
class NoSuchItem(NotFoundError):
    def __init__(self, item_id):
        super().__init__(f"No item {item_id!r} in the inventory")


app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    return {"items": list(INVENTORY.values())}


def read_item(**from_path):
    for item in INVENTORY.values():
        if item["item_id"] == from_path["item_id"]:
            return dict(item)
    raise NoSuchItem(from_path["item_id"])


app.route("/items/{item_id}")(read_item)


# %% wrong: leaves the missing item to KeyError
# says: A dict raises KeyError for a key it does not have
# GET /items/item_9 answers 500 instead of 404
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    return {"items": list(INVENTORY.values())}


@app.route("/items/{item_id}")
def read_item(item_id):
    return INVENTORY[item_id]


# %% wrong: writes the id from the example into the message
# says: The message is the same for every request
# GET /items/item_10 answers 404 as it should, but its Message names item_9
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    return {"items": list(INVENTORY.values())}


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in INVENTORY:
        raise NotFoundError("No item item_9")
    return INVENTORY[item_id]


# %% wrong: takes sold out for not there
# says: the condition in front of the error is true for it too
# GET /items/item_2, whose stock is 0, answers 404 instead of 200
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    return {"items": list(INVENTORY.values())}


@app.route("/items/{item_id}")
def read_item(item_id):
    if not INVENTORY.get(item_id, {}).get("stock"):
        raise NotFoundError(f"No item {item_id}")
    return INVENTORY[item_id]


# %% wrong: returns body and status as a pair, as in Flask
# says: A tuple (body, 404) is Flask's way
# GET /items/item_9 answers 200 with the list [{"Message": ...}, 404] instead of 404
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    return {"items": list(INVENTORY.values())}


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in INVENTORY:
        return {"Message": f"No item {item_id}"}, 404
    return INVENTORY[item_id]


# %% wrong: answers 404 with text, not JSON
# says: a body of your own needs that key too
# GET /items/item_9 answers 404, but the body is a bare sentence without a Message
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    return {"items": list(INVENTORY.values())}


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in INVENTORY:
        return Response(f"Message: no item {item_id}", status_code=404)
    return INVENTORY[item_id]
