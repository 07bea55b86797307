# %% right: makes the list and the name in the view
PRICES = {"beans": 12, "filters": 4, "jug": 19}
app = Chalice(app_name="shop")


@app.route("/basket", methods=["POST"])
def price_basket():
    body = app.current_request.json_body
    items, total = [], 0
    for item in body["items"]:
        if item not in PRICES:
            raise BadRequestError(f"No item {item}")
        items.append(item)
        total += PRICES[item]
    customer = {"customer": "guest", **body}["customer"]
    return {"customer": customer, "items": items, "total": total}


# %% right: None as the default, and the fallback name as a constant
PRICES = {"beans": 12, "filters": 4, "jug": 19}
GUEST = "guest"
app = Chalice(app_name="shop")


def checked(items, found=None):
    found = [] if found is None else found
    for item in items:
        try:
            PRICES[item]
        except KeyError:
            raise BadRequestError(f"We do not sell {item!r}") from None
        found.append(item)
    return found


@app.route("/basket", methods=["POST"])
def price_basket():
    body = app.current_request.json_body
    customer = body.get("customer", GUEST)
    items = checked(body["items"])
    return {"customer": customer, "items": items, "total": sum(map(PRICES.get, items))}


# %% right: an object for each basket, made with the request
from chalice import Response

PRICES = {"beans": 12, "filters": 4, "jug": 19}
app = Chalice(app_name="shop")


class Basket:
    def __init__(self, customer="guest", items=()):
        self.customer = customer
        self.items = list(items)

    @property
    def unknown(self):
        return [item for item in self.items if item not in PRICES]

    def as_json(self):
        total = sum(PRICES[item] for item in self.items)
        return {"customer": self.customer, "items": self.items, "total": total}


@app.route("/basket", methods=["POST"])
def price_basket():
    basket = Basket(**app.current_request.json_body)
    if basket.unknown:
        message = {"Message": f"unknown: {', '.join(basket.unknown)}"}
        return Response(message, status_code=400)
    return basket.as_json()


# %% wrong: mends the list and leaves the name
# says: it was left in a global by a request before
PRICES = {"beans": 12, "filters": 4, "jug": 19}
app = Chalice(app_name="shop")
customer = "guest"


def checked(items):
    for item in items:
        if item not in PRICES:
            raise BadRequestError(f"No item {item}")
    return items


@app.route("/basket", methods=["POST"])
def price_basket():
    global customer
    body = app.current_request.json_body
    customer = body.get("customer", customer)
    items = checked(body["items"])
    total = sum(PRICES[item] for item in items)
    return {"customer": customer, "items": items, "total": total}


# %% wrong: mends the name and leaves the list
# says: a list that is made once
PRICES = {"beans": 12, "filters": 4, "jug": 19}
app = Chalice(app_name="shop")


def checked(items, found=[]):
    for item in items:
        if item not in PRICES:
            raise BadRequestError(f"No item {item}")
        found.append(item)
    return found


@app.route("/basket", methods=["POST"])
def price_basket():
    body = app.current_request.json_body
    items = checked(body["items"])
    total = sum(PRICES[item] for item in items)
    return {"customer": body.get("customer", "guest"), "items": items, "total": total}


# %% wrong: tidies up at the end of the view, which a refused request never reaches
# says: does not happen when it raises
PRICES = {"beans": 12, "filters": 4, "jug": 19}
app = Chalice(app_name="shop")
basket = {"customer": "guest", "items": []}


@app.route("/basket", methods=["POST"])
def price_basket():
    body = app.current_request.json_body
    basket["customer"] = body.get("customer", basket["customer"])
    for item in body["items"]:
        if item not in PRICES:
            raise BadRequestError(f"No item {item}")
        basket["items"].append(item)
    answer = {
        "customer": basket["customer"],
        "items": list(basket["items"]),
        "total": sum(PRICES[item] for item in basket["items"]),
    }
    basket.update(customer="guest", items=[])
    return answer


# %% wrong: a basket for each customer, kept in a global
# says: The same customer sent a second basket, and the first was still in it
PRICES = {"beans": 12, "filters": 4, "jug": 19}
app = Chalice(app_name="shop")
baskets = {}


@app.route("/basket", methods=["POST"])
def price_basket():
    body = app.current_request.json_body
    customer = body.get("customer", "guest")
    items = baskets.setdefault(customer, [])
    for item in body["items"]:
        if item not in PRICES:
            raise BadRequestError(f"No item {item}")
        items.append(item)
    return {"customer": customer, "items": items, "total": sum(PRICES[i] for i in items)}


# %% wrong: takes the same item twice for a leak, and drops it
# says: Something that this request did send is not in its answer
PRICES = {"beans": 12, "filters": 4, "jug": 19}
app = Chalice(app_name="shop")


@app.route("/basket", methods=["POST"])
def price_basket():
    body = app.current_request.json_body
    unknown = [item for item in body["items"] if item not in PRICES]
    if unknown:
        raise BadRequestError(f"No item {unknown[0]}")
    items = sorted(set(body["items"]))
    total = sum(PRICES[item] for item in items)
    return {"customer": body.get("customer", "guest"), "items": items, "total": total}


# %% right: refuse first with a set, build the answer from fresh values, tuple as default not needed
PRICES = {"beans": 12, "filters": 4, "jug": 19}
app = Chalice(app_name="shop")


@app.route("/basket", methods=["POST"])
def price_basket():
    sent = {"customer": "guest"} | app.current_request.json_body
    unknown = [item for item in sent["items"] if item not in PRICES]
    if unknown:
        raise BadRequestError(f"No item {', '.join(unknown)}")
    return {
        "customer": sent["customer"],
        "items": list(sent["items"]),
        "total": sum(map(PRICES.get, sent["items"])),
    }
