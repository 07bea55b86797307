# %% right: walks the decoded body and rebuilds it
def item_from(body):
    def exact(value):
        if isinstance(value, float):
            return Decimal(str(value))
        if isinstance(value, list):
            return [exact(part) for part in value]
        if isinstance(value, dict):
            return {name: exact(part) for name, part in value.items()}
        return value

    return exact(json.loads(body))


def body_from(item):
    def plain(value):
        return int(value) if value % 1 == 0 else float(value)

    return json.dumps(item, default=plain)


# %% right: Decimal for every number, and an encoder class
class Numbers(json.JSONEncoder):
    def default(self, value):
        if isinstance(value, Decimal):
            whole = value.to_integral_value()
            return int(whole) if whole == value else float(value)
        return super().default(value)


def item_from(body):
    return json.loads(body, parse_float=Decimal, parse_int=Decimal)


def body_from(item):
    return Numbers(indent=1).encode(item)


# %% wrong: mends the price and forgets what is nested
# says: Only some of the body's numbers
def item_from(body):
    item = json.loads(body)
    item["price"] = Decimal(str(item["price"]))
    return item


def body_from(item):
    return json.dumps(item, default=lambda d: int(d) if d == int(d) else float(d))


# %% wrong: turns floats into text
# says: a number that became text
def item_from(body):
    return json.loads(body, parse_float=str)


def body_from(item):
    return json.dumps(item, default=lambda d: int(d) if d == int(d) else float(d))


# %% wrong: rounds to the nearest cent first
# says: is not the number that was sent
def item_from(body):
    return json.loads(body, parse_float=lambda text: Decimal(text).quantize(Decimal("0.01")))


def body_from(item):
    return json.dumps(item, default=lambda d: int(d) if d == int(d) else float(d))


# %% wrong: cuts every number to a whole one on the way out
# says: int() drops what stands behind the point
def item_from(body):
    return json.loads(body, parse_float=Decimal)


def body_from(item):
    return json.dumps(item, default=int)


# %% wrong: writes numbers as text on the way out
# says: default=str makes a JSON string
def item_from(body):
    return json.loads(body, parse_float=Decimal)


def body_from(item):
    return json.dumps(item, default=str)


# %% wrong: mends the way in, and leaves 12.0 on the way out
# says: A table's 12 comes back as Decimal
def item_from(body):
    return json.loads(body, parse_float=Decimal)


def body_from(item):
    return json.dumps(item, default=float)


# %% wrong: mends the way out, and leaves Decimal(7.9) on the way in
# says: Decimal(7.9) keeps what the float really is
def item_from(body):
    item = json.loads(body)
    item["price"] = Decimal(item["price"])
    return item


def body_from(item):
    return json.dumps(item, default=lambda d: int(d) if d == int(d) else float(d))


# %% right: parse_float given by name, and a JSON encoder class for the way back
class Numbers(json.JSONEncoder):
    def default(self, value):
        if not isinstance(value, Decimal):
            return super().default(value)
        whole = value.to_integral_value()
        return int(whole) if whole == value else float(value)


def item_from(body):
    return json.loads(body, parse_float=Decimal)


def body_from(item):
    return Numbers().encode(item)


# %% wrong: only numbers on the top level
# says: still a float
def item_from(body):
    return {k: Decimal(str(v)) if isinstance(v, float) else v for k, v in json.loads(body).items()}


def body_from(item):
    return json.dumps(item, default=lambda d: int(d) if d % 1 == 0 else float(d))


# %% wrong: int for all
# says: int() drops what stands behind the point
def item_from(body):
    return json.loads(body, parse_float=Decimal)


def body_from(item):
    return json.dumps(item, default=int)
