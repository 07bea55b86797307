# %% right: one configuration for a loop of views, no decorators
app = Chalice(app_name="inventory-service")
CORS = {"allow_origin": "https://shop.example", "max_age": 600}


def list_items():
    return {"items": list(INVENTORY)}


def create_item():
    raise UnprocessableEntityError("name is missing")


def read_health():
    return {"status": "ok"}


for method, view in (("POST", create_item), ("GET", list_items)):
    config = CORSConfig(allow_headers=["Accept-Language", "X-Shop-Visit"], **CORS)
    app.route("/items", methods=[method], cors=config)(view)
app.route("/health", cors=None)(read_health)


# %% right: a class of its own that is a CORSConfig, and one view for both methods
class ShopOnly(CORSConfig):
    def __init__(self):
        super().__init__("https://shop.example", ("x-shop-visit",), max_age=600)


app = Chalice(app_name="inventory-service")


@app.route("/items", methods=["GET", "POST"], cors=ShopOnly())
def items():
    if app.current_request.method == "POST":
        raise UnprocessableEntityError("name is missing")
    return {"items": list(INVENTORY)}


@app.route("/health")
def read_health():
    return {"status": "ok"}


# %% wrong: names the host without its scheme
# says: An origin is scheme and host
app = Chalice(app_name="inventory-service")
SHOP = CORSConfig(allow_origin="shop.example", allow_headers=["X-Shop-Visit"], max_age=600)


@app.route("/items", cors=SHOP)
def list_items():
    return {"items": list(INVENTORY)}


@app.route("/items", methods=["POST"], cors=SHOP)
def create_item():
    raise UnprocessableEntityError("name is missing")


@app.route("/health")
def read_health():
    return {"status": "ok"}


# %% wrong: an origin with a slash at the end
# says: no slash at its end
app = Chalice(app_name="inventory-service")
SHOP = CORSConfig(allow_origin="https://shop.example/", allow_headers=["X-Shop-Visit"], max_age=600)


@app.route("/items", cors=SHOP)
def list_items():
    return {"items": list(INVENTORY)}


@app.route("/items", methods=["POST"], cors=SHOP)
def create_item():
    raise UnprocessableEntityError("name is missing")


@app.route("/health")
def read_health():
    return {"status": "ok"}


# %% wrong: sets the header by hand where things go well
# says: An answer without that header is hidden from the page
app = Chalice(app_name="inventory-service")
ALLOWED = {"Access-Control-Allow-Origin": "https://shop.example"}


@app.route("/items")
def list_items():
    return Response({"items": list(INVENTORY)}, headers=ALLOWED)


@app.route("/items", methods=["POST"])
def create_item():
    raise UnprocessableEntityError("name is missing")


@app.route("/health")
def read_health():
    return {"status": "ok"}


# %% wrong: sets the header by hand everywhere, and has no preflight
# says: a preflight is answered only for routes with cors=
app = Chalice(app_name="inventory-service")
ALLOWED = {"Access-Control-Allow-Origin": "https://shop.example"}


@app.route("/items")
def list_items():
    return Response({"items": list(INVENTORY)}, headers=ALLOWED)


@app.route("/items", methods=["POST"])
def create_item():
    return Response({"Message": "name is missing"}, headers=ALLOWED, status_code=422)


@app.route("/health")
def read_health():
    return {"status": "ok"}


# %% wrong: forgets the page's own header
# says: X-Shop-Visit
app = Chalice(app_name="inventory-service")
SHOP = CORSConfig(allow_origin="https://shop.example", max_age=600)


@app.route("/items", cors=SHOP)
def list_items():
    return {"items": list(INVENTORY)}


@app.route("/items", methods=["POST"], cors=SHOP)
def create_item():
    raise UnprocessableEntityError("name is missing")


@app.route("/health")
def read_health():
    return {"status": "ok"}


# %% wrong: exposes the header instead of allowing it
# says: expose_headers is about the answer
app = Chalice(app_name="inventory-service")
SHOP = CORSConfig(allow_origin="https://shop.example", expose_headers=["X-Shop-Visit"], max_age=600)


@app.route("/items", cors=SHOP)
def list_items():
    return {"items": list(INVENTORY)}


@app.route("/items", methods=["POST"], cors=SHOP)
def create_item():
    raise UnprocessableEntityError("name is missing")


@app.route("/health")
def read_health():
    return {"status": "ok"}


# %% wrong: leaves the health route open to every page
# says: no CORS headers
app = Chalice(app_name="inventory-service")
SHOP = CORSConfig(allow_origin="https://shop.example", allow_headers=["X-Shop-Visit"], max_age=600)


@app.route("/items", cors=SHOP)
def list_items():
    return {"items": list(INVENTORY)}


@app.route("/items", methods=["POST"], cors=SHOP)
def create_item():
    raise UnprocessableEntityError("name is missing")


@app.route("/health", cors=True)
def read_health():
    return {"status": "ok"}


# %% wrong: lets the browser send cookies along
# says: Nobody asked for cookies
app = Chalice(app_name="inventory-service")
SHOP = CORSConfig(
    allow_origin="https://shop.example",
    allow_headers=["X-Shop-Visit"],
    max_age=600,
    allow_credentials=True,
)


@app.route("/items", cors=SHOP)
def list_items():
    return {"items": list(INVENTORY)}


@app.route("/items", methods=["POST"], cors=SHOP)
def create_item():
    raise UnprocessableEntityError("name is missing")


@app.route("/health")
def read_health():
    return {"status": "ok"}


# %% wrong: only on GET
# says: route adds it to all of them
app = Chalice(app_name="inventory-service")
page = CORSConfig(allow_origin="https://shop.example", allow_headers=["X-Shop-Visit"], max_age=600)


@app.route("/items", cors=page)
def list_items():
    return {"items": list(INVENTORY)}


@app.route("/items", methods=["POST"])
def create_item():
    raise UnprocessableEntityError("name is missing")


@app.route("/health")
def read_health():
    return {"status": "ok"}


# %% wrong: one path, two configurations
# says: the views of a path carry one configuration
app = Chalice(app_name="inventory-service")
SHOP = CORSConfig(allow_origin="https://shop.example", allow_headers=["X-Shop-Visit"], max_age=600)
ORIGIN = CORSConfig(allow_origin="https://shop.example")


@app.route("/items", cors=SHOP)
def list_items():
    return {"items": list(INVENTORY)}


@app.route("/items", methods=["POST"], cors=ORIGIN)
def create_item():
    raise UnprocessableEntityError("name is missing")


@app.route("/health")
def read_health():
    return {"status": "ok"}
