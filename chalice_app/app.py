"""The inventory service: registers what it is made of, and nothing else. chalicelib/ has the rest."""

from collections.abc import Callable

from chalice import Chalice, Response
from chalice.app import Request

from chalicelib import identity, logs, web
from chalicelib.blueprints import (
    alerts,
    items,
    ordering,
    orders,
    photos,
    public,
    reports,
    stock,
    uploads,
)

app = Chalice(app_name=logs.SERVICE, configure_logs=False)

for part in (identity, items, uploads, ordering, public, photos, orders, stock, alerts, reports):
    app.register_blueprint(part.blueprint)


@app.middleware("http")
def traced(request: Request, get_response: Callable[[Request], Response]) -> Response:
    """Every request is logged, and answered, under its correlation id."""
    return web.traced(request, get_response)
