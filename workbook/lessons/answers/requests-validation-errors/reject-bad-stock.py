# %% right: by hand, with guards
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    read_stock(item_id)
    sent = app.current_request.json_body
    if not isinstance(sent, dict) or "stock" not in sent:
        raise UnprocessableEntityError("stock is missing")
    if type(sent["stock"]) is not int or sent["stock"] < 0:
        raise UnprocessableEntityError("stock is a whole number from 0 up")
    STOCK[item_id] = sent["stock"]
    return read_stock(item_id)


# %% right: a strict type adapter on the one value
from typing import Annotated

from pydantic import TypeAdapter

STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


Stock = TypeAdapter(Annotated[int, Field(strict=True, ge=0)])


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    try:
        new = Stock.validate_python(app.current_request.json_body["stock"])
    except (KeyError, TypeError, ValidationError):
        return Response({"Message": "stock: a whole number, 0 or more"}, status_code=422)
    if item_id not in STOCK:
        raise NotFoundError(item_id)
    STOCK[item_id] = new
    return {"item_id": item_id, "stock": new}


# %% right: a model fed with the raw body, its first error told
from pydantic import NonNegativeInt

STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


class Change(BaseModel, strict=True):
    stock: NonNegativeInt


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    before = read_stock(item_id)
    try:
        change = Change.model_validate_json(app.current_request.raw_body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            raise BadRequestError(first["msg"]) from None
        raise UnprocessableEntityError(f"{first['loc']}: {first['msg']}") from None
    STOCK[item_id] = change.stock
    return {**before, "stock": change.stock}


# %% wrong: asks isinstance, and so lets true in
# says: True is an int
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    read_stock(item_id)
    sent = app.current_request.json_body
    stock = sent.get("stock") if isinstance(sent, dict) else None
    if not isinstance(stock, int) or stock < 0:
        raise UnprocessableEntityError("stock is a whole number from 0 up")
    STOCK[item_id] = stock
    return read_stock(item_id)


# %% wrong: mends the value with int()
# says: int() makes a number of it
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    read_stock(item_id)
    sent = app.current_request.json_body
    try:
        stock = int(sent["stock"])
    except (KeyError, TypeError, ValueError):
        raise UnprocessableEntityError("stock is a whole number from 0 up") from None
    if stock < 0:
        raise UnprocessableEntityError("stock is a whole number from 0 up")
    STOCK[item_id] = stock
    return read_stock(item_id)


# %% wrong: a model that is not strict
# says: turns some texts and floats into numbers
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


class Change(BaseModel):
    stock: int = Field(ge=0)


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    read_stock(item_id)
    try:
        change = Change.model_validate(app.current_request.json_body)
    except ValidationError:
        raise UnprocessableEntityError("stock is a whole number from 0 up") from None
    STOCK[item_id] = change.stock
    return read_stock(item_id)


# %% wrong: takes 0 for nothing
# says: 0 is a whole number
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    read_stock(item_id)
    sent = app.current_request.json_body
    stock = sent.get("stock") if isinstance(sent, dict) else None
    if not stock or type(stock) is not int or stock < 0:
        raise UnprocessableEntityError("stock is a whole number from 0 up")
    STOCK[item_id] = stock
    return read_stock(item_id)


# %% wrong: raises an error that Chalice does not know
# says: Chalice turns an error it does not know into a 500
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    read_stock(item_id)
    sent = app.current_request.json_body
    if not isinstance(sent, dict) or type(sent.get("stock")) is not int or sent["stock"] < 0:
        raise ValueError("stock is a whole number from 0 up")
    STOCK[item_id] = sent["stock"]
    return read_stock(item_id)


# %% wrong: calls every bad body a bad request
# says: 400 says that the request could not be read
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    read_stock(item_id)
    sent = app.current_request.json_body
    if not isinstance(sent, dict) or type(sent.get("stock")) is not int or sent["stock"] < 0:
        raise BadRequestError("stock is a whole number from 0 up")
    STOCK[item_id] = sent["stock"]
    return read_stock(item_id)


# %% wrong: writes first and judges afterwards
# says: refused, and the stock changed all the same
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    read_stock(item_id)
    sent = app.current_request.json_body
    if not isinstance(sent, dict) or "stock" not in sent:
        raise UnprocessableEntityError("stock is missing")
    STOCK[item_id] = sent["stock"]
    if type(sent["stock"]) is not int or sent["stock"] < 0:
        raise UnprocessableEntityError("stock is a whole number from 0 up")
    return read_stock(item_id)


# %% wrong: calls what is no JSON a wrong value
# says: is not JSON at all
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


class Change(BaseModel):
    model_config = ConfigDict(strict=True)
    stock: int = Field(ge=0)


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    read_stock(item_id)
    try:
        change = Change.model_validate_json(app.current_request.raw_body)
    except ValidationError as error:
        raise UnprocessableEntityError(f"stock: {error.error_count()} problem") from None
    STOCK[item_id] = change.stock
    return read_stock(item_id)


# %% wrong: believes that a JSON body is always an object
# says: A JSON body need not be an object
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    read_stock(item_id)
    stock = app.current_request.json_body.get("stock")
    if type(stock) is not int or stock < 0:
        raise UnprocessableEntityError("stock is a whole number from 0 up")
    STOCK[item_id] = stock
    return read_stock(item_id)


# %% wrong: refuses without a word on what is wrong
# says: does not say what is wrong
STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    read_stock(item_id)
    sent = app.current_request.json_body
    if not isinstance(sent, dict) or type(sent.get("stock")) is not int or sent["stock"] < 0:
        raise UnprocessableEntityError("Invalid request")
    STOCK[item_id] = sent["stock"]
    return read_stock(item_id)


# %% right: by hand, structural pattern matching on the decoded raw body
import json

STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


def known(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    known(item_id)
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    try:
        sent = json.loads(app.current_request.raw_body)
    except ValueError as error:
        raise BadRequestError("This is no JSON") from error
    match sent:
        case {"stock": bool()}:
            raise UnprocessableEntityError("stock must be a number, not true or false")
        case {"stock": int(number)} if number >= 0:
            known(item_id)
            STOCK[item_id] = number
            return read_stock(item_id)
    raise UnprocessableEntityError("stock must be a whole number from 0 up")


# %% right: pydantic, strict, model_validate_json, errors to text
class NewStock(BaseModel):
    model_config = ConfigDict(strict=True)
    stock: int = Field(ge=0)


STOCK = {"item_1": 12, "item_2": 0, "item_3": 3}
app = Chalice(app_name="inventory-service")


@app.route("/items/{item_id}/stock")
def read_stock(item_id):
    if item_id not in STOCK:
        raise NotFoundError(f"No item {item_id}")
    return {"item_id": item_id, "stock": STOCK[item_id]}


@app.route("/items/{item_id}/stock", methods=["PUT"])
def write_stock(item_id):
    read_stock(item_id)
    try:
        new = NewStock.model_validate_json(app.current_request.raw_body)
    except ValidationError as error:
        kind = (
            BadRequestError
            if error.errors()[0]["type"] == "json_invalid"
            else UnprocessableEntityError
        )
        raise kind(f"stock: {error.errors()[0]['msg']}") from None
    STOCK[item_id] = new.stock
    return read_stock(item_id)
