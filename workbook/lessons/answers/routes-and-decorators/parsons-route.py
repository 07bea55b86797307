# %% right: the shorter address on top
app = Chalice(app_name="inventory-service")


@app.route("/stock/{item_id}")
@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in INVENTORY:
        raise NotFoundError(f"No item {item_id}")
    stock = INVENTORY[item_id]["stock"]
    return {"item_id": item_id, "stock": stock}


# %% right: two views that share a function
app = Chalice(app_name="inventory-service")


def stock_of(item_id):
    try:
        stock = INVENTORY[item_id]["stock"]
    except KeyError:
        raise NotFoundError(f"No item {item_id}") from None
    return {"item_id": item_id, "stock": stock}


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    return stock_of(item_id)


@app.route("/stock/{name}")
def read_stock_by_short_path(name):
    return stock_of(name)


# %% right: registers one view in a loop, and answers with a Response
app = Chalice(app_name="inventory-service")


def read_stock(item_id):
    if item_id in INVENTORY:
        body, status = {"item_id": item_id, "stock": INVENTORY[item_id]["stock"]}, 200
    else:
        body, status = {"Code": "NotFoundError", "Message": f"No item {item_id}"}, 404
    return Response(body=body, status_code=status)


for address in ("/stock/{item_id}", "/items/{item_id}/stock"):
    app.route(address)(read_stock)


# %% wrong: looks the stock up before the check
# says: A dict raises KeyError for a key it does not have
# GET /stock/item_9 answers 500 instead of 404
app = Chalice(app_name="inventory-service")


@app.route("/stock/{item_id}")
@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    stock = INVENTORY[item_id]["stock"]
    if item_id not in INVENTORY:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": stock}


# %% wrong: indents the look-up under the if
# says: cannot access local variable 'stock'
# GET /stock/item_3 answers 500 instead of 200; GET /stock/item_9 is right
app = Chalice(app_name="inventory-service")


@app.route("/stock/{item_id}")
@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in INVENTORY:
        raise NotFoundError(f"No item {item_id}")
        stock = INVENTORY[item_id]["stock"]
    return {"item_id": item_id, "stock": stock}


# %% wrong: believes that a function can have one route only
# says: No row of the routing table fits this path
# GET /items/item_3/stock answers 403 instead of 200
app = Chalice(app_name="inventory-service")


# @app.route("/items/{item_id}/stock")
@app.route("/stock/{item_id}")
def read_stock(item_id):
    if item_id not in INVENTORY:
        raise NotFoundError(f"No item {item_id}")
    stock = INVENTORY[item_id]["stock"]
    return {"item_id": item_id, "stock": stock}


# %% wrong: takes a stock of 0 for a missing item
# says: There is such an item
# GET /stock/item_2 answers 404 instead of 200 with a stock of 0
app = Chalice(app_name="inventory-service")


@app.route("/stock/{item_id}")
@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    stock = INVENTORY.get(item_id, {}).get("stock")
    if not stock:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": stock}


# %% wrong: writes a second view and forgets its check
# says: GET /items/item_9/stock expected 404
# GET /items/item_9/stock answers 500 instead of 404; GET /stock/item_9 is right
app = Chalice(app_name="inventory-service")


@app.route("/stock/{item_id}")
def read_stock(item_id):
    if item_id not in INVENTORY:
        raise NotFoundError(f"No item {item_id}")
    stock = INVENTORY[item_id]["stock"]
    return {"item_id": item_id, "stock": stock}


@app.route("/items/{item_id}/stock")
def read_item_stock(item_id):
    stock = INVENTORY[item_id]["stock"]
    return {"item_id": item_id, "stock": stock}
