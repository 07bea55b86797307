"""All chapters with their exercises, in reading order.

It imports every chapter's checks, and what those stand on (pytest, moto, the Chalice command line).
So only those import it who check: a chapter's notebook, which wants one module of this package, is
spared most of a second.
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
