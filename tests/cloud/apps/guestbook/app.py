"""A guest book: a REST API over a table, its routes in a blueprint."""

from chalice import Chalice
from chalicelib.entries import entries

app = Chalice(app_name="guestbook")
app.register_blueprint(entries, url_prefix="/entries")


@app.route("/", cors=True)
def index():
    return {"routes": ["/entries", "/entries/{name}"]}
