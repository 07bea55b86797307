"""Who may come in: Chalice's own authorizer with routes and scopes, signatures, and API keys."""

from chalice import AuthResponse, AuthRoute, Blueprint, IAMAuthorizer

doors = Blueprint(__name__)


@doors.authorizer(ttl_seconds=30, name="member")
def member(request):
    """A token is a name; "ada" may enter everywhere, "bob" the back door by GET alone."""
    if request.token == "ada":
        return AuthResponse(routes=["*"], principal_id="ada", context={"floor": "2"})
    if request.token == "bob":
        return AuthResponse(routes=[AuthRoute("/doors/back", ["GET"])], principal_id="bob")
    return AuthResponse(routes=[], principal_id="nobody")


@doors.route("/back", methods=["GET", "POST"], authorizer=member)
def back():
    return dict(doors.current_request.context["authorizer"])


@doors.route("/signed", authorizer=IAMAuthorizer())
def signed():
    return {"account": doors.current_request.context["identity"]["accountId"]}


@doors.route("/keyed", api_key_required=True)
def keyed():
    return {"key": doors.current_request.context["identity"]["apiKey"][:5]}
