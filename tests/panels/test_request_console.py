"""The request console: what it sends, what it shows, and that nobody is shut out of it."""

import json
import re
import socket

import pytest
from chalice import Chalice, Response

from workbook.cloud.client import Api
from workbook.errors import UnknownName
from workbook.lessons import local_server
from workbook.panels.exchange import Exchange, shown_body
from workbook.panels.request_console import request_console
from workbook.panels.senders import Answer, Request, sender_to


@pytest.fixture
def app():
    app = Chalice(app_name="inventory-service")
    app.api.binary_types.append("image/webp")

    @app.route("/items", methods=["GET", "POST"])
    def items():
        request = app.current_request
        return Response(
            {"method": request.method, "sent": request.json_body},
            headers={"Content-Type": "application/json", "Set-Cookie": ["a=1", "b=2"]},
            status_code=201,
        )

    @app.route("/photos", methods=["POST"], content_types=["image/webp"])
    def photos():
        return {"bytes": len(app.current_request.raw_body)}

    @app.route("/names", cors=True)
    def names():
        return {"Espresso beans", "Milk jug"}

    return app


def press(console, **fields):
    """Fill fields by their labels, as a person would, and press Send."""
    for field in all_fields(console):
        label = field.description.lower()
        if label in fields:
            field.value = fields[label]
        if label == "send":
            button = field
    button.click()
    return console.exchanges[-1]


def all_fields(widget):
    for child in getattr(widget, "children", ()):
        yield from all_fields(child)
        if hasattr(child, "description"):
            yield child


def test_it_has_sent_the_request_it_was_made_with(app):
    console = request_console(app, "post", "/items", json={"name": "Moka pot"})
    assert "POST /items → 201 Created" == console.exchanges[-1].line
    body = json.loads(console.exchanges[-1].answer.body)
    assert {"method": "POST", "sent": {"name": "Moka pot"}} == body


def test_pressing_send_sends_what_the_fields_say_now(app):
    console = request_console(app, "GET", "/items")
    exchange = press(
        console,
        method="POST",
        headers="Content-Type: application/json\n\n",
        body='{"name": "Kettle"}',
    )
    assert {"name": "Kettle"} == json.loads(exchange.answer.body)["sent"]
    assert "GET /items → 201 Created" in console.children[-1].value


def test_a_path_without_its_slash_gets_it(app):
    assert "/items" == press(request_console(app, "GET", "/"), path=" items ").request.path


def test_a_header_that_cannot_be_read_is_not_sent_and_says_which_line(app):
    exchange = press(request_console(app, "GET", "/items"), headers="Accept: text/plain\nnonsense")
    assert "Line 2 of the headers is 'nonsense'" in repr(exchange)
    assert exchange.answer.status is None


def test_bytes_that_are_no_text_are_sent_as_they_were_given(app):
    photo = b"RIFF\xff\x00WEBP"
    console = request_console(
        app, "POST", "/photos", headers={"Content-Type": "image/webp"}, body=photo
    )
    assert {"bytes": len(photo)} == json.loads(press(console).answer.body)
    assert "10 bytes that are no text: 52 49 46 46 ff" in repr(console)


def test_a_result_that_cannot_become_json_is_told_and_not_raised(app):
    console = request_console(app, "GET", "/names")
    assert "TypeError: Object of type set is not JSON serializable" in repr(console)
    assert "502" in repr(console)


def test_a_preflight_that_the_test_client_cannot_answer_says_who_can(app):
    assert "chalice local" in repr(request_console(app, "OPTIONS", "/names"))


SHOP = """
from chalice import Chalice, NotFoundError
app = Chalice(app_name="shop")

@app.route("/items/{item_id}")
def read_item(item_id):
    raise NotFoundError(item_id)
"""


@pytest.mark.slow
def test_it_speaks_to_a_running_chalice_local(tmp_path):
    (tmp_path / "app.py").write_text(SHOP)
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text('{"version": "2.0", "app_name": "shop"}')
    with local_server.start(tmp_path) as server:
        console = request_console(server, "GET", "/items/item_9")
        by_address = request_console(f"http://127.0.0.1:{server.port}/", "GET", "/items/item_9")
    for each in (console, by_address):
        assert "GET /items/item_9 → 404 Not Found" == each.exchanges[-1].line
    assert "chalice local" in repr(console)
    assert "Date" not in repr(console)


def test_where_nobody_listens_there_is_no_answer():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    assert "Nobody answers there" in repr(request_console(address, "GET", "/items"))


@pytest.mark.parametrize("target", ["https://example.com", "file:///etc", 3, None])
def test_a_target_beyond_this_machine_or_of_another_kind_is_refused(target):
    with pytest.raises(UnknownName):
        sender_to(target)


def test_a_deployed_api_is_named_by_its_own_name():
    assert "shop, deployed" == sender_to(Api("http://127.0.0.1:1/x", "shop")).place


def test_text_and_html_say_the_same(app):
    console = request_console(app, "POST", "/items", json={"name": "Moka pot"})
    html = re.sub(r"<[^>]+>", " ", console.face()._repr_html_()).replace("&quot;", '"')
    for part in ("POST /items", "201 Created", "the request was served", "Set-Cookie: b=2"):
        assert part in repr(console)
        assert part in html


def test_a_page_without_a_kernel_gets_words_and_html_beside_the_widget(app):
    bundle = request_console(app, "GET", "/items")._repr_mimebundle_()
    assert {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"} == set(bundle)


def test_what_changes_with_every_answer_is_left_out():
    headers = {"Date": "Mon", "X-Amzn-Trace-Id": "Root=1", "x-amzn-ErrorType": "Forbidden"}
    shown = repr(Exchange("here", Request("GET", "/"), Answer(403, headers, b"{}")))
    assert "x-amzn-ErrorType: Forbidden" in shown
    assert "Date" not in shown
    assert "Root=1" not in shown


def test_what_an_app_answers_is_escaped():
    answer = Answer(200, {}, b"<script>alert(1)</script>")
    assert "<script>" not in Exchange("<b>", Request("GET", "/"), answer)._repr_html_()


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"a":1}', '{\n  "a": 1\n}'),
        (b"hello", "hello"),
        (b"\xff\x00", "2 bytes that are no text: ff 00"),
        (b"x" * 5000, f"{'x' * 60} …\n(5,000 bytes)"),
        (b"[" * 1000, "[" * 1000),
    ],
)
def test_a_body_is_shown_for_reading(body, shown):
    assert shown == shown_body(body)


def test_every_field_has_a_label_and_the_button_a_name(app):
    labels = {field.description for field in all_fields(request_console(app, "GET", "/items"))}
    assert {"Method", "Path", "Headers", "Body", "Send"} <= labels


def test_an_answer_is_announced_to_those_who_do_not_see_it(app):
    assert 'role="status"' in request_console(app, "GET", "/items").face()._repr_html_()
