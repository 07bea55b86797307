"""The content: each chapter's metadata, checks, hints and known answers, and what they stand on.

    routes_and_decorators.py    one module a chapter
    answers/CHAPTER/SLUG.py     other right answers and wrong ones, for the proofs
    fixtures.py                 fresh state for every check

Chapters are listed here in reading order.
"""

from workbook.check import Catalogue
from workbook.lessons import (
    deploy,
    events,
    requests_validation_errors,
    routes_and_decorators,
    servers_to_functions,
    start_here,
    state_in_dynamodb,
    testing_with_moto,
)

CATALOGUE = Catalogue(
    [
        start_here.chapter,
        servers_to_functions.chapter,
        routes_and_decorators.chapter,
        requests_validation_errors.chapter,
        state_in_dynamodb.chapter,
        events.chapter,
        testing_with_moto.chapter,
        deploy.chapter,
    ]
)
