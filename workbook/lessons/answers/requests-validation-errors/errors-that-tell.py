# %% right: puts the stock back, logs, and answers 500 itself
def build_app(stock, ledger):
    app = Chalice(app_name="inventory-service")

    @app.route("/items/{item_id}/reservations", methods=["POST"])
    def reserve(item_id):
        wanted = app.current_request.json_body["quantity"]
        there = stock.get(item_id)
        if there is None:
            return Response({"Message": f"{item_id} is not sold here"}, status_code=404)
        if there < wanted:
            return Response({"Message": f"{there} left, {wanted} wanted"}, status_code=409)
        stock[item_id] = there - wanted
        try:
            ledger(item_id, wanted)
        except Exception:
            stock[item_id] = there
            app.log.exception("The ledger failed")
            return Response({"Message": "Please try again later."}, status_code=500)
        return {"left": stock[item_id], "item_id": item_id}

    return app


# %% wrong: keeps the broad except and changes its status
# says: tells the caller what is none of their business
def build_app(stock, ledger):
    app = Chalice(app_name="inventory-service")

    @app.route("/items/{item_id}/reservations", methods=["POST"])
    def reserve(item_id):
        quantity = app.current_request.json_body["quantity"]
        if item_id not in stock:
            raise NotFoundError(f"No item {item_id}")
        if quantity > stock[item_id]:
            raise ConflictError(f"Only {stock[item_id]} left")
        try:
            ledger(item_id, quantity)
        except Exception as error:
            return Response({"Message": str(error)}, status_code=500)
        stock[item_id] -= quantity
        return {"item_id": item_id, "left": stock[item_id]}

    return app


# %% wrong: answers 500 politely, and nobody ever learns why
# says: nothing in the log
def build_app(stock, ledger):
    app = Chalice(app_name="inventory-service")

    @app.route("/items/{item_id}/reservations", methods=["POST"])
    def reserve(item_id):
        quantity = app.current_request.json_body["quantity"]
        if item_id not in stock:
            raise NotFoundError(f"No item {item_id}")
        if quantity > stock[item_id]:
            raise ConflictError(f"Only {stock[item_id]} left")
        try:
            ledger(item_id, quantity)
        except Exception:
            raise ChaliceViewError("Please try again later.") from None
        stock[item_id] -= quantity
        return {"item_id": item_id, "left": stock[item_id]}

    return app


# %% wrong: takes the goods before it knows
# says: was refused, and the goods are gone
def build_app(stock, ledger):
    app = Chalice(app_name="inventory-service")

    @app.route("/items/{item_id}/reservations", methods=["POST"])
    def reserve(item_id):
        quantity = app.current_request.json_body["quantity"]
        if item_id not in stock:
            raise NotFoundError(f"No item {item_id}")
        before = stock[item_id]
        stock[item_id] -= quantity
        if stock[item_id] < 0:
            raise ConflictError(f"Only {before} left")
        ledger(item_id, quantity)
        return {"item_id": item_id, "left": stock[item_id]}

    return app


# %% wrong: the goods are gone when the ledger fails
# says: failed, and the goods are gone
def build_app(stock, ledger):
    app = Chalice(app_name="inventory-service")

    @app.route("/items/{item_id}/reservations", methods=["POST"])
    def reserve(item_id):
        quantity = app.current_request.json_body["quantity"]
        if item_id not in stock:
            raise NotFoundError(f"No item {item_id}")
        if quantity > stock[item_id]:
            raise ConflictError(f"Only {stock[item_id]} left")
        stock[item_id] -= quantity
        ledger(item_id, quantity)
        return {"item_id": item_id, "left": stock[item_id]}

    return app


# %% wrong: keeps the broad except around everything
# says: catches NotFoundError and ConflictError too
def build_app(stock, ledger):
    app = Chalice(app_name="inventory-service")

    @app.route("/items/{item_id}/reservations", methods=["POST"])
    def reserve(item_id):
        try:
            quantity = app.current_request.json_body["quantity"]
            if item_id not in stock:
                raise NotFoundError(f"No item {item_id}")
            if quantity > stock[item_id]:
                raise ConflictError(f"Only {stock[item_id]} left")
            ledger(item_id, quantity)
            stock[item_id] -= quantity
        except Exception as error:
            app.log.exception("reserving failed")
            raise ChaliceViewError("Please try again later.") from error
        return {"item_id": item_id, "left": stock[item_id]}

    return app


# %% wrong: refuses the last one on the shelf
# says: exactly as many as there are
def build_app(stock, ledger):
    app = Chalice(app_name="inventory-service")

    @app.route("/items/{item_id}/reservations", methods=["POST"])
    def reserve(item_id):
        quantity = app.current_request.json_body["quantity"]
        if item_id not in stock:
            raise NotFoundError(f"No item {item_id}")
        if quantity >= stock[item_id]:
            raise ConflictError(f"Only {stock[item_id]} left")
        ledger(item_id, quantity)
        stock[item_id] -= quantity
        return {"item_id": item_id, "left": stock[item_id]}

    return app


# %% wrong: asks the ledger before it looks at the shelf
# says: was written into the ledger
def build_app(stock, ledger):
    app = Chalice(app_name="inventory-service")

    @app.route("/items/{item_id}/reservations", methods=["POST"])
    def reserve(item_id):
        quantity = app.current_request.json_body["quantity"]
        if item_id not in stock:
            raise NotFoundError(f"No item {item_id}")
        ledger(item_id, quantity)
        if quantity > stock[item_id]:
            raise ConflictError(f"Only {stock[item_id]} left")
        stock[item_id] -= quantity
        return {"item_id": item_id, "left": stock[item_id]}

    return app


# %% right: reads with get, writes into the books first, takes last
def build_app(stock, ledger):
    app = Chalice(app_name="inventory-service")

    @app.route("/items/{item_id}/reservations", methods=["POST"])
    def reserve(item_id):
        wanted = app.current_request.json_body["quantity"]
        have = stock.get(item_id)
        if have is None:
            raise NotFoundError(f"There is no {item_id}")
        if wanted > have:
            raise ConflictError(f"Only {have} left")
        ledger(item_id, wanted)
        stock[item_id] = have - wanted
        return {"item_id": item_id, "left": stock[item_id]}

    return app


# %% right: takes first, and gives back when the ledger raises, by try and except BaseException with raise
def build_app(stock, ledger):
    app = Chalice(app_name="inventory-service")

    @app.route("/items/{item_id}/reservations", methods=["POST"])
    def reserve(item_id):
        quantity = app.current_request.json_body["quantity"]
        try:
            left = stock[item_id] - quantity
        except KeyError:
            return Response(
                {"Code": "NotFoundError", "Message": f"No item {item_id}"}, status_code=404
            )
        if left < 0:
            raise ConflictError(f"Only {stock[item_id]} left")
        stock[item_id] = left
        try:
            ledger(item_id, quantity)
        except Exception:
            stock[item_id] += quantity
            raise
        return {"item_id": item_id, "left": left}

    return app


# %% wrong: KeyError around everything is a 404, the ledger's own too
# says: the KeyError was the ledger's own
def build_app(stock, ledger):
    app = Chalice(app_name="inventory-service")

    @app.route("/items/{item_id}/reservations", methods=["POST"])
    def reserve(item_id):
        quantity = app.current_request.json_body["quantity"]
        try:
            if quantity > stock[item_id]:
                raise ConflictError(f"Only {stock[item_id]} left")
            ledger(item_id, quantity)
            stock[item_id] -= quantity
        except KeyError:
            raise NotFoundError(f"No item {item_id}")
        return {"item_id": item_id, "left": stock[item_id]}

    return app


# %% right: one line in the log, without a traceback
def build_app(stock, ledger):
    app = Chalice(app_name="inventory-service")

    @app.route("/items/{item_id}/reservations", methods=["POST"])
    def reserve(item_id):
        quantity = app.current_request.json_body["quantity"]
        if item_id not in stock:
            raise NotFoundError(f"No item {item_id}")
        if quantity > stock[item_id]:
            raise ConflictError(f"Only {stock[item_id]} left")
        try:
            ledger(item_id, quantity)
        except Exception as error:
            app.log.error("The ledger failed: %s", error)
            raise ChaliceViewError("Please try again later.") from error
        stock[item_id] -= quantity
        return {"item_id": item_id, "left": stock[item_id]}

    return app
