"""What there is to do, for each person alone: sign up, log in, and show the token from then on."""

import functools
import os
import time

import boto3
from chalice import (
    AuthResponse,
    Chalice,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    Response,
    UnauthorizedError,
)
from chalicelib.people import People
from chalicelib.todos import Todos
from chalicelib.tokens import issue, owner

app = Chalice(app_name="todo")
app.log.setLevel("INFO")
HOUR = 3600


@functools.cache
def table():
    return boto3.resource("dynamodb").Table(os.environ["TABLE"])


@functools.cache
def secret():
    found = boto3.client("ssm").get_parameter(Name=os.environ["SECRET"], WithDecryption=True)
    return found["Parameter"]["Value"].encode()


@app.route("/people/{name}", methods=["PUT"])
def sign_up(name):
    if not People(table()).add(name, app.current_request.json_body["password"]):
        raise ConflictError(f"{name} is taken")
    return Response({"name": name}, status_code=201)


@app.route("/people/{name}/token", methods=["POST"])
def log_in(name):
    if not People(table()).knows(name, app.current_request.json_body["password"]):
        app.log.warning("%s gave a wrong password", name)
        raise UnauthorizedError("wrong name or password")
    app.log.info("%s is here", name)
    return {"token": issue(name, time.time() + HOUR, secret())}


@app.authorizer()
def bearer(request):
    name = owner(request.token.removeprefix("Bearer "), time.time(), secret())
    return AuthResponse(routes=["*"] if name else [], principal_id=name or "nobody")


@app.route("/todos", authorizer=bearer)
def every():
    return mine().every()


@app.route("/todos", methods=["POST"], authorizer=bearer)
def add():
    text = app.current_request.json_body["text"]
    return Response(mine().add(text), status_code=201)


@app.route("/todos/{number}", methods=["PATCH"], authorizer=bearer)
def finish(number):
    if not mine().finish(number):
        raise NotFoundError(f"nothing to do has number {number}")
    return {"number": number, "done": True}


@app.route("/people/{name}", methods=["DELETE"], authorizer=bearer)
def leave(name):
    if name != who():
        raise ForbiddenError("you may only leave yourself")
    mine().forget()
    People(table()).remove(name)
    return Response("", status_code=204)


def mine():
    return Todos(table(), who())


def who():
    return app.current_request.context["authorizer"]["principalId"]
