"""Do something once for each key: Powertools' idempotency, on a table of this service.

The first call with a key does it and keeps what came of it; later ones get that. Two at the same
moment: one does it, the other is told to come back. If it fails, nothing is kept, and the next
call tries again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyValidationError,
)

from chalicelib.clients import client
from chalicelib.errors import Busy, Invalid
from chalicelib.settings import settings

KEPT_SECONDS = 24 * 60 * 60


def once(key: list[Any], asked: Any, action: Callable[[], Any], context: Any) -> Any:
    """What `action` gives, or gave when this key was first used.

    Args:
        key: tells this effect from every other; JSON.
        asked: what the effect depends on; JSON. The same key must not ask for something else.
        context: of the invocation; when its time is over, a call that never ended counts as failed.

    Raises:
        Busy: the first call is still under way.
        Invalid: the key was used for something else.
    """
    _config().register_lambda_context(context)
    run = idempotent_function(
        lambda request: {"result": action()},
        data_keyword_argument="request",
        persistence_store=_store(),
        config=_config(),
        key_prefix="once",
    )
    try:
        return run(request={"key": key, "asked": asked})["result"]
    except IdempotencyAlreadyInProgressError:
        raise Busy("The same request is being worked on; ask again in a moment.") from None
    except IdempotencyValidationError:
        raise Invalid("This Idempotency-Key was used for another request.") from None


@cache
def _store() -> DynamoDBPersistenceLayer:
    return DynamoDBPersistenceLayer(settings().once_table, boto3_client=client("dynamodb"))


@cache
def _config() -> IdempotencyConfig:
    return IdempotencyConfig(
        event_key_jmespath="key",
        payload_validation_jmespath="asked",
        expires_after_seconds=KEPT_SECONDS,
        hash_function="sha256",
    )
