"""Chapter 03, requests, validation and errors: its metadata, and the hints of its exercises.

The checks themselves stand in `request_checks` (bodies and decorators) and `error_checks` (CORS,
errors, fuzzing); none reads code. `request_misconceptions` puts in words what a wrong answer gives
away.
"""

from __future__ import annotations

from typing import Any

from workbook.check import Chapter
from workbook.lessons import error_checks, request_checks

chapter = Chapter("requests-validation-errors", title="Requests, validation, errors", minutes=40)


@chapter.exercise(
    "create-an-item",
    title="Create an item",
    minutes=6,
    difficulty="easy",
    hints=(
        (
            "Look at the chapter's section on answering with a status: which object carries a status "
            "and headers beside the body?"
        ),
        (
            "Blank 1 is the method that creates. Blank 2 is the decoded body of app.current_request. "
            "Blank 3 is an f-string with the new id. Blank 4 is a number: created."
        ),
        (
            "The body is at app.current_request.json_body, the path is /items/ followed by the new "
            "item_id, and the status of a creation is 201."
        ),
    ),
)
def check_create_an_item(app: Any) -> None:
    """What is posted is there, under an id of its own and at the address that was told."""
    request_checks.creates_items(app)


@chapter.exercise(
    "validation-decorator",
    title="A validation decorator",
    minutes=12,
    difficulty="medium",
    hints=(
        (
            "Compare with the decorator that the chapter builds in three steps. Which of its lines "
            "run when a request comes, and which when the module is imported?"
        ),
        (
            "Inside checked: one try around the line that makes the model; its except returns a "
            "Response; after both, the view is called with body and the path's parameters."
        ),
        (
            "model.model_validate_json(app.current_request.raw_body) judges. For each entry of "
            'error.errors(), join loc with dots and take msg. The type "json_invalid" means 400.'
        ),
    ),
)
def check_validation_decorator(validated: Any) -> None:
    """A view starts with a good body only, and every wrong field is told."""
    request_checks.validates_before_the_view(validated)


@chapter.exercise(
    "reject-bad-stock",
    title="Reject bad stock",
    minutes=10,
    difficulty="medium",
    optional=True,
    hints=(
        (
            "Write the view for good bodies first. Then send each body of the table's second row "
            "from the scratch cell, and see which of them are taken."
        ),
        (
            "json_body answers 400 by itself. Judge what it gives: with a strict pydantic model, or "
            "with isinstance(…, dict) and type(…). Turn a no into UnprocessableEntityError."
        ),
        (
            "A model with ConfigDict(strict=True) and one field, an int of at least 0; catch its "
            "ValidationError, raise with a message that begins with stock; then write."
        ),
    ),
)
def check_reject_bad_stock(app: Any) -> None:
    """Whole numbers from 0 up are written; every other body is refused and changes nothing."""
    request_checks.takes_whole_numbers_only(app)


@chapter.exercise(
    "cors-for-one-origin",
    title="CORS for one origin",
    minutes=8,
    difficulty="medium",
    optional=True,
    hints=(
        (
            "cors=True stands for a configuration with every default. What may be given in its place? "
            "The chapter's section behind the gateway has one."
        ),
        (
            "CORSConfig takes allow_origin, allow_headers and max_age. Both views of /items need the "
            "same one; a route without cors= sends no such headers."
        ),
        (
            "The origin is https://shop.example, without a slash at its end; the header goes into a "
            "list; the seconds are a number. /health loses its cors."
        ),
    ),
)
def check_cors_for_one_origin(app: Any) -> None:
    """One page may read and change the items; no page may read anything else."""
    error_checks.opens_to_one_origin(app)


@chapter.exercise(
    "errors-that-tell",
    title="Errors that tell the truth",
    minutes=10,
    difficulty="medium",
    optional=True,
    hints=(
        (
            "Run the scratch cell and read the stock behind each answer. Then ask of every line: what "
            "if the next one raises?"
        ),
        (
            "What would happen without the try? Chalice gives its own errors their status, and logs "
            "any other and answers 500. Only NotFoundError is still missing."
        ),
        (
            "No try at all. In this order: is the item known, are there enough, write into the "
            "ledger, take from the stock, answer."
        ),
    ),
)
def check_errors_that_tell(build_app: Any) -> None:
    """A reservation succeeds, or says whose fault it was, and leaves nothing half done."""
    error_checks.tells_whose_fault_it_was(build_app)


@chapter.exercise(
    "fuzz-your-route",
    title="Fuzz a route",
    minutes=15,
    difficulty="hard",
    optional=True,
    hints=(
        (
            "Start with find, a strategy for anything at all (st.none() | st.integers() | st.text()), "
            "and a condition that asks status. Which of the planted weaknesses does it meet?"
        ),
        (
            "To get past the first guards, spoil a good item in one place: st.fixed_dictionaries with "
            "good strategies but one, and with optional= for fields that are missing."
        ),
        (
            "Join four strategies with |: a wrong name, a wrong stock, missing fields, and no object "
            "at all. The condition is a status of 500 or more; NoSuchExample means None."
        ),
    ),
)
def check_fuzz_your_route(find_crash: Any) -> None:
    """A crash is found where there is one, and shown by the body that causes it."""
    error_checks.finds_crashes(find_crash)
