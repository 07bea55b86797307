# %% right: one view that asks for the method
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock", methods=["PUT", "GET"])
def stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    request = app.current_request
    if request.method == "PUT":
        STOCK[item_id] = request.json_body["stock"]
    return {"item_id": item_id, "stock": STOCK[item_id]}


# %% right: the writer first, and ends by calling the reader
STOCK = {item_id: item["stock"] for item_id, item in INVENTORY.items()}
app = Chalice(app_name="inventory-service")
PATH = "/items/{item_id}/stock"


@app.route(PATH, methods=["PUT"])
def write_stock(item_id):
    before = read_stock(item_id)
    if before.status_code == 404:
        return before
    STOCK.update({item_id: app.current_request.json_body["stock"]})
    return read_stock(item_id)


@app.route(PATH)
def read_stock(item_id):
    try:
        return Response({"item_id": item_id, "stock": STOCK[item_id]})
    except KeyError:
        return Response({"Message": f"No item {item_id}"}, status_code=404)


# %% right: a class that keeps the stock and whose methods are the views
class Shelves:
    def __init__(self, app, **stock):
        self.app = app
        self.stock = stock
        app.route("/items/{item_id}/stock", methods=["GET"])(self.read)
        app.route("/items/{item_id}/stock", methods=["PUT"])(self.write)

    def read(self, item_id):
        if item_id not in self.stock:
            raise NotFoundError(f"No item {item_id}")
        return {"item_id": item_id, "stock": self.stock[item_id]}

    def write(self, item_id):
        self.read(item_id)
        self.stock[item_id] = self.app.current_request.json_body["stock"]
        return self.read(item_id)


app = Chalice(app_name="inventory-service")
shelves = Shelves(app, item_1=12, item_2=0, item_3=3)


# %% wrong: keeps the old path as a second address
# says: this one still has a row in app.routes
# PUT /items/item_1/new-stock answers 200 instead of 403
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock", methods=["GET"])
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
@app.route("/items/{item_id}/new-stock", methods=["PUT"])
def write_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    STOCK[item_id] = app.current_request.json_body["stock"]
    return {"item_id": item_id, "stock": STOCK[item_id]}


# %% wrong: answers with the new stock but never keeps it
# says: kept the old one: nothing was stored
# PUT 7 to /items/item_1/stock answers 7, yet a GET after it still answers 12
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock", methods=["GET", "PUT"])
def read_or_write_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    stock = STOCK[item_id]
    if app.current_request.method == "PUT":
        stock = app.current_request.json_body["stock"]
    return {"item_id": item_id, "stock": stock}


# %% wrong: believes that PUT makes what is missing
# says: it creates the item
# PUT /items/item_9/stock answers 200 and creates item_9 instead of 404
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock", methods=["GET"])
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    STOCK[item_id] = app.current_request.json_body["stock"]
    return {"item_id": item_id, "stock": STOCK[item_id]}


# %% wrong: writes first and checks afterwards
# says: GET /items/item_9/stock expected 404
# PUT /items/item_9/stock answers 404, but a GET of the same path then answers 200
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock", methods=["GET"])
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    STOCK[item_id] = app.current_request.json_body["stock"]
    if item_id not in INVENTORY:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


# %% wrong: takes a stock of 0 for a missing item
# says: There is such an item
# GET and PUT /items/item_2/stock, whose stock is 0, answer 404 instead of 200
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock", methods=["GET"])
def read_stock(item_id):
    if not STOCK.get(item_id):
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    if not STOCK.get(item_id):
        raise NotFoundError(f"No item {item_id}")
    STOCK[item_id] = app.current_request.json_body["stock"]
    return {"item_id": item_id, "stock": STOCK[item_id]}
