# %% right: ids of another kind, and a full address in Location
import uuid

ITEMS = {}
app = Chalice(app_name="inventory-service")


@app.route("/items", methods=["POST"])
def create_item():
    sent = app.current_request.json_body
    item = {"item_id": uuid.uuid4().hex, "name": sent["name"], "stock": sent["stock"]}
    ITEMS[item["item_id"]] = item
    where = f"https://api.shop.example/items/{item['item_id']}"
    return Response(body=item, status_code=201, headers={"location": where})


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id in ITEMS:
        return ITEMS[item_id]
    raise NotFoundError(item_id)


# %% right: decodes the raw body itself and counts on
import itertools
import json

app = Chalice(app_name="inventory-service")
ITEMS = []
NUMBERS = itertools.count(100)


@app.route("/items/{item_id}")
def read_item(item_id):
    for item in ITEMS:
        if item["item_id"] == item_id:
            return item
    raise NotFoundError(f"{item_id} is not sold here")


@app.route("/items", methods=["POST"])
def create_item():
    item = {"item_id": f"sku-{next(NUMBERS)}", **json.loads(app.current_request.raw_body)}
    ITEMS.append(item)
    return Response(item, {"Location": "/items/" + item["item_id"]}, 201)


# %% wrong: returns the item, and so a 200
# says: What a view returns is a 200
ITEMS = dict(INVENTORY)
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in ITEMS:
        raise NotFoundError(f"No item {item_id}")
    return ITEMS[item_id]


@app.route("/items", methods=["POST"])
def create_item():
    sent = app.current_request.json_body
    item = {"item_id": f"item_{len(ITEMS) + 1}", "name": sent["name"], "stock": sent["stock"]}
    ITEMS[item["item_id"]] = item
    return item


# %% wrong: answers with a tuple, as in Flask
# says: Flask's way
ITEMS = dict(INVENTORY)
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in ITEMS:
        raise NotFoundError(f"No item {item_id}")
    return ITEMS[item_id]


@app.route("/items", methods=["POST"])
def create_item():
    sent = app.current_request.json_body
    item = {"item_id": f"item_{len(ITEMS) + 1}", "name": sent["name"], "stock": sent["stock"]}
    ITEMS[item["item_id"]] = item
    return item, 201, {"Location": f"/items/{item['item_id']}"}


# %% wrong: Location names the list, not the item
# says: does not lead to the new item
ITEMS = dict(INVENTORY)
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in ITEMS:
        raise NotFoundError(f"No item {item_id}")
    return ITEMS[item_id]


@app.route("/items", methods=["POST"])
def create_item():
    sent = app.current_request.json_body
    item = {"item_id": f"item_{len(ITEMS) + 1}", "name": sent["name"], "stock": sent["stock"]}
    ITEMS[item["item_id"]] = item
    return Response(item, status_code=201, headers={"Location": "/items"})


# %% wrong: answers with the item and never keeps it
# says: nothing was stored
ITEMS = dict(INVENTORY)
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in ITEMS:
        raise NotFoundError(f"No item {item_id}")
    return ITEMS[item_id]


@app.route("/items", methods=["POST"])
def create_item():
    sent = app.current_request.json_body
    item = {"item_id": f"item_{len(ITEMS) + 1}", "name": sent["name"], "stock": sent["stock"]}
    headers = {"Location": f"/items/{item['item_id']}"}
    return Response(item, status_code=201, headers=headers)


# %% wrong: gives every new item the id of the example
# says: two items with one id
ITEMS = dict(INVENTORY)
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in ITEMS:
        raise NotFoundError(f"No item {item_id}")
    return ITEMS[item_id]


@app.route("/items", methods=["POST"])
def create_item():
    sent = app.current_request.json_body
    item = {"item_id": "item_4", "name": sent["name"], "stock": sent["stock"]}
    ITEMS["item_4"] = item
    return Response(item, status_code=201, headers={"Location": "/items/item_4"})


# %% wrong: takes the raw body for the decoded one
# says: raw_body is bytes
ITEMS = dict(INVENTORY)
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in ITEMS:
        raise NotFoundError(f"No item {item_id}")
    return ITEMS[item_id]


@app.route("/items", methods=["POST"])
def create_item():
    sent = app.current_request.raw_body
    item = {"item_id": f"item_{len(ITEMS) + 1}", "name": sent["name"], "stock": sent["stock"]}
    ITEMS[item["item_id"]] = item
    headers = {"Location": f"/items/{item['item_id']}"}
    return Response(item, status_code=201, headers=headers)


# %% wrong: takes the view for a route of GET
# says: no row for POST
ITEMS = dict(INVENTORY)
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in ITEMS:
        raise NotFoundError(f"No item {item_id}")
    return ITEMS[item_id]


@app.route("/items", methods=["PUT"])
def create_item():
    sent = app.current_request.json_body
    item = {"item_id": f"item_{len(ITEMS) + 1}", "name": sent["name"], "stock": sent["stock"]}
    ITEMS[item["item_id"]] = item
    headers = {"Location": f"/items/{item['item_id']}"}
    return Response(item, status_code=201, headers=headers)


# %% right: json from the raw body, uuid for the id, absolute-path Location built by format
import json
import uuid

ITEMS = dict(INVENTORY)
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}", methods=["GET"])
def read_item(item_id):
    if item_id not in ITEMS:
        raise NotFoundError(f"No item {item_id}")
    return ITEMS[item_id]


@app.route("/items", methods=["POST"])
def create_item():
    sent = json.loads(app.current_request.raw_body)
    item_id = uuid.uuid4().hex
    item = ITEMS.setdefault(item_id, {"item_id": item_id, **sent})
    return Response(body=item, headers={"Location": f"/items/{item_id}"}, status_code=201)


# %% wrong: Location is the id, not the path
# says: expected a Location whose GET answers 20
ITEMS = dict(INVENTORY)
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in ITEMS:
        raise NotFoundError(f"No item {item_id}")
    return ITEMS[item_id]


@app.route("/items", methods=["POST"])
def create_item():
    sent = app.current_request.json_body
    item = {"item_id": f"item_{len(ITEMS) + 1}", "name": sent["name"], "stock": sent["stock"]}
    ITEMS[item["item_id"]] = item
    return Response(item, status_code=201, headers={"Location": item["item_id"]})


# %% right: a Location as seen from the request, which survives a stage in the path
ITEMS = dict(INVENTORY)
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in ITEMS:
        raise NotFoundError(f"No item {item_id}")
    return ITEMS[item_id]


@app.route("/items", methods=["POST"])
def create_item():
    item = {"item_id": f"sku-{len(ITEMS)}", **app.current_request.json_body}
    ITEMS[item["item_id"]] = item
    return Response(item, status_code=201, headers={"Location": f"items/{item['item_id']}"})


# %% wrong: stores what was sent, without its id
# says: it is not the one that the answer showed
ITEMS = dict(INVENTORY)
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in ITEMS:
        raise NotFoundError(f"No item {item_id}")
    return ITEMS[item_id]


@app.route("/items", methods=["POST"])
def create_item():
    sent = app.current_request.json_body
    item_id = f"item_{len(ITEMS) + 1}"
    ITEMS[item_id] = sent
    headers = {"Location": f"/items/{item_id}"}
    return Response({"item_id": item_id, **sent}, status_code=201, headers=headers)
