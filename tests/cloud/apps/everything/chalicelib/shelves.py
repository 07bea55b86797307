"""Routes: path parameters, methods, queries, bodies of three kinds, CORS, errors, and compression."""

from chalice import (
    Blueprint,
    ChaliceViewError,
    ConflictError,
    CORSConfig,
    NotFoundError,
    Response,
    TooManyRequestsError,
    UnprocessableEntityError,
)

shelves = Blueprint(__name__)
PIXEL = b"RIFF\x00\xffWEBP"
FROM_THE_SHOP = CORSConfig(
    allow_origin="https://shop.example",
    allow_headers=["X-Basket"],
    expose_headers=["X-Count"],
    max_age=600,
    allow_credentials=True,
)
ERRORS = {
    error.__name__: error
    for error in (ChaliceViewError, ConflictError, NotFoundError, TooManyRequestsError)
}


@shelves.route("/{name}", cors=FROM_THE_SHOP)
def read(name):
    request = shelves.current_request
    return {
        "name": name,
        "wanted": request.query_params.getlist("wanted") if request.query_params else [],
        "stage": request.context["stage"],
        "called in": shelves.lambda_context.function_name,
    }


@shelves.route("/{name}", methods=["PUT", "PATCH"], cors=FROM_THE_SHOP)
def change(name):
    body = shelves.current_request.json_body
    if "count" not in body:
        raise UnprocessableEntityError("count is missing")
    return Response(
        {"name": name, **body}, status_code=202, headers={"X-Count": str(body["count"])}
    )


@shelves.route(
    "/{name}/form", methods=["POST"], content_types=["application/x-www-form-urlencoded"]
)
def form(name):
    return shelves.current_request.raw_body.decode()


@shelves.route("/{name}/photo", methods=["GET", "PUT"], content_types=["image/webp"])
def photo(name):
    if shelves.current_request.method == "PUT":
        return {"bytes": len(shelves.current_request.raw_body)}
    return Response(PIXEL, headers={"Content-Type": "image/webp"})


@shelves.route("/{name}/errors/{kind}")
def fail(name, kind):
    raise ERRORS[kind](name)


@shelves.route("/{name}/history")
def history(name):
    return [name] * 1000
