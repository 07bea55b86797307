# %% right: asks whether the parameter is there
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    params = app.current_request.query_params or {}
    items = list(INVENTORY.values())
    if "max_stock" in params:
        try:
            max_stock = int(params["max_stock"])
        except ValueError:
            raise BadRequestError(f"max_stock is not a number: {params['max_stock']}") from None
        items = [item for item in items if item["stock"] <= max_stock]
    return {"items": items}


# %% right: no limit is an infinite limit
import math

app = Chalice(app_name="inventory-service")


def stock_limit(params):
    text = (params or {}).get("max_stock")
    if text is None:
        return math.inf
    try:
        return int(text)
    except ValueError as error:
        raise BadRequestError(str(error))


@app.route("/items", methods=["GET"])
def list_items():
    limit = stock_limit(app.current_request.query_params)
    return {"items": [item for item in INVENTORY.values() if not item["stock"] > limit]}


# %% right: a loop, and a Response for the refusal
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    params = app.current_request.query_params
    if params is None or "max_stock" not in params:
        return {"items": list(INVENTORY.values())}
    try:
        most = int(params["max_stock"])
    except ValueError:
        return Response({"Message": "No number: " + params["max_stock"]}, status_code=400)
    low = []
    for item in INVENTORY.values():
        if item["stock"] < most + 1:
            low.append(item)
    return {"items": low}


# %% right: a class that is the filter, made from the query
class AtMost:
    def __init__(self, stock):
        self.stock = int(stock)

    def __call__(self, item):
        return item["stock"] <= self.stock


app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    items = INVENTORY.values()
    match app.current_request.query_params:
        case {"max_stock": wanted}:
            try:
                items = filter(AtMost(wanted), items)
            except ValueError:
                raise BadRequestError(f"{wanted} is not a whole number") from None
    return {"items": [*items]}


# %% wrong: takes 0 for no limit
# says: 0 was taken for no filter at all
# GET /items?max_stock=0 lists all three items instead of item_2 alone
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    params = app.current_request.query_params or {}
    try:
        max_stock = int(params.get("max_stock", 0))
    except ValueError:
        raise BadRequestError(f"max_stock is not a number: {params['max_stock']}")
    items = list(INVENTORY.values())
    if max_stock:
        items = [item for item in items if item["stock"] <= max_stock]
    return {"items": items}


# %% wrong: takes an empty value for no parameter
# says: An empty value is a value too
# GET /items?max_stock= lists everything instead of answering 400, though int("") is refused
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    max_stock = (app.current_request.query_params or {}).get("max_stock")
    items = list(INVENTORY.values())
    if max_stock:
        try:
            items = [item for item in items if item["stock"] <= int(max_stock)]
        except ValueError:
            raise BadRequestError(f"max_stock is not a number: {max_stock}")
    return {"items": items}


# %% wrong: expects max_stock wherever there is a query
# says: ?page=2 has no max_stock
# GET /items?page=2 answers 500 instead of listing everything
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    params = app.current_request.query_params
    if params is None:
        return {"items": list(INVENTORY.values())}
    try:
        max_stock = int(params["max_stock"])
    except ValueError:
        raise BadRequestError(f"max_stock is not a number: {params['max_stock']}")
    return {"items": [item for item in INVENTORY.values() if item["stock"] <= max_stock]}


# %% wrong: knows a number by its digits
# says: isdigit() does not
# GET /items?max_stock=-1 answers 400 instead of 200 with an empty list
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    params = app.current_request.query_params or {}
    items = list(INVENTORY.values())
    if "max_stock" in params:
        if not params["max_stock"].isdigit():
            raise BadRequestError(f"max_stock is not a number: {params['max_stock']}")
        items = [item for item in items if item["stock"] <= int(params["max_stock"])]
    return {"items": items}


# %% wrong: believes that a second name makes a copy
# says: an earlier filter took them out of INVENTORY itself
# after GET /items?max_stock=3, GET /items lists two items: item_1 is gone from INVENTORY
app = Chalice(app_name="inventory-service")


@app.route("/items")
def list_items():
    params = app.current_request.query_params or {}
    items = INVENTORY
    if "max_stock" in params:
        try:
            max_stock = int(params["max_stock"])
        except ValueError:
            raise BadRequestError(f"max_stock is not a number: {params['max_stock']}")
        for item_id in list(items):
            if items[item_id]["stock"] > max_stock:
                del items[item_id]
    return {"items": list(items.values())}
