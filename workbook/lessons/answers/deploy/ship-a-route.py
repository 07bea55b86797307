# %% right: derives the old price from the new one
app = Chalice(app_name="inventory-service")
CENTS = {"item_1": ("Espresso beans", 420)}


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in CENTS:
        raise NotFoundError(f"There is no {item_id}.")
    name, cents = CENTS[item_id]
    return {"name": name, "price": cents / 100, "price_cents": cents}


@app.route("/release")
def release():
    return {"release": int(os.environ["RELEASE"]), "stage": os.environ["STAGE"]}


# %% wrong: replaces the old field
# says: callers of release 1 read
app = Chalice(app_name="inventory-service")
INVENTORY = {"item_1": {"name": "Espresso beans", "price_cents": 420}}


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in INVENTORY:
        raise NotFoundError(f"There is no {item_id}.")
    return INVENTORY[item_id]


@app.route("/release")
def release():
    return {"stage": os.environ["STAGE"], "release": int(os.environ["RELEASE"])}


# %% wrong: knows only one stage
# says: what differs comes from each function's environment
app = Chalice(app_name="inventory-service")
INVENTORY = {"item_1": {"name": "Espresso beans", "price": 4.2, "price_cents": 420}}


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in INVENTORY:
        raise NotFoundError(f"There is no {item_id}.")
    return INVENTORY[item_id]


@app.route("/release")
def release():
    return {"stage": "dev", "release": 2}


# %% wrong: takes the number for a number
# says: where everything is text
app = Chalice(app_name="inventory-service")
INVENTORY = {"item_1": {"name": "Espresso beans", "price": 4.2, "price_cents": 420}}


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in INVENTORY:
        raise NotFoundError(f"There is no {item_id}.")
    return INVENTORY[item_id]


@app.route("/release")
def release():
    return {"stage": os.environ["STAGE"], "release": os.environ["RELEASE"]}


# %% wrong: multiplies a float and keeps it
# says: Cents are whole numbers
app = Chalice(app_name="inventory-service")
INVENTORY = {"item_1": {"name": "Espresso beans", "price": 4.2}}


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in INVENTORY:
        raise NotFoundError(f"There is no {item_id}.")
    item = INVENTORY[item_id]
    return {**item, "price_cents": item["price"] * 100}


@app.route("/release")
def release():
    return {"stage": os.environ["STAGE"], "release": int(os.environ["RELEASE"])}


# %% right: adds the cents when an item is read, and answers with a Response
from chalice import Response

app = Chalice(app_name="inventory-service")
INVENTORY = {"item_1": {"name": "Espresso beans", "price": 4.2}}


@app.route("/items/{item_id}", methods=["GET"])
def read_item(item_id):
    try:
        item = INVENTORY[item_id]
    except KeyError:
        raise NotFoundError(f"There is no {item_id}.") from None
    return item | {"price_cents": round(item["price"] * 100)}


@app.route("/release")
def release():
    env = os.environ
    return Response({"stage": env["STAGE"], "release": int(env["RELEASE"])}, status_code=200)


# %% wrong: reads the environment once, at import
# says: what differs comes from each function's environment
app = Chalice(app_name="inventory-service")
INVENTORY = {"item_1": {"name": "Espresso beans", "price": 4.2}}
STAGE, RELEASE = os.environ.get("STAGE", "dev"), int(os.environ.get("RELEASE", "2"))


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in INVENTORY:
        raise NotFoundError(f"There is no {item_id}.")
    item = INVENTORY[item_id]
    return {**item, "price_cents": round(item["price"] * 100)}


@app.route("/release")
def release():
    return {"stage": STAGE, "release": RELEASE}


# %% wrong: cuts the cents off, and leaves the number text
# says: where everything is text
app = Chalice(app_name="inventory-service")
INVENTORY = {"item_1": {"name": "Espresso beans", "price": 4.2}}


@app.route("/items/{item_id}")
def read_item(item_id):
    if item_id not in INVENTORY:
        raise NotFoundError(f"There is no {item_id}.")
    item = INVENTORY[item_id]
    return {**item, "price_cents": int(item["price"] * 100)}


@app.route("/release")
def release():
    return {"stage": os.environ["STAGE"], "release": os.environ["RELEASE"]}
