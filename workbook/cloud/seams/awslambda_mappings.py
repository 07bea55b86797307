"""Lambda's event source mappings: moto keeps them, and the pollers of events/ go by them.

moto would have each queue or stream call its functions; here it only holds what is configured, as
far as Lambda would take it. Functions themselves are awslambda.py's.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from .awslambda import refusing_values
from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()


@SEAMS.at(
    "moto.awslambda.models",
    "LambdaBackend.create_event_source_mapping",
    "self spec",
    rests_on="queue.lambda_event_source_mappings[esm.function_arn] = esm",
    replaces="has the queue or stream call the function inside its writer's request",
)
def _leave_polling_to_the_pollers(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def create_event_source_mapping(self: Any, spec: dict[str, Any]) -> Any:
        with refusing_values():
            mapping = original(self, spec)
        try:
            _check_only_mapping(self, mapping)
            hooks.check_mapping(mapping.get_configuration())
        except BaseException:
            del self._event_source_mappings[mapping.uuid]
            raise
        finally:
            _silence_sources(self.account_id, self.region_name)
        return mapping

    return create_event_source_mapping


def _check_only_mapping(backend: Any, mapping: Any) -> None:
    """Raise AWS's conflict where the function has another mapping of the same source."""
    for other in list(backend._event_source_mappings.values()):
        same_source = other.event_source_arn == mapping.event_source_arn
        same_function = _short(other.function_name) == _short(mapping.function_name)
        if other is mapping or not (same_source and same_function):
            continue
        from moto.awslambda.exceptions import LambdaClientError

        source, function = mapping.event_source_arn, _short(mapping.function_name)
        if ":sqs:" in source:
            told = f'An event source mapping with SQS arn (" {source} ") and function'
            told += f' (" {function} ") already exists.'
        else:
            told = f'The event source arn (" {source} ") and function'
            told += f' (" {function} ") provided mapping already exists.'
        told += f" Please update or delete the existing mapping with UUID {other.uuid}"
        error = LambdaClientError("ResourceConflictException", told)
        error.code = 409
        raise error


def _silence_sources(account: str, region: str) -> None:
    from moto.dynamodb.models import dynamodb_backends  # loaded by moto.awslambda.models
    from moto.kinesis.models import kinesis_backends
    from moto.sqs.models import sqs_backends

    queues = sqs_backends[account][region].queues.values()
    tables = dynamodb_backends[account][region].tables.values()
    streams = kinesis_backends[account][region].streams.values()
    sources: list[Any] = [*queues, *tables, *streams]
    for source in sources:
        source.lambda_event_source_mappings.clear()


@SEAMS.at(
    "moto.awslambda.models",
    "EventSourceMapping.get_configuration",
    "self",
    rests_on='"StartingPosition": self.starting_position',
    replaces="does not tell at what moment a mapping starts",
)
def _tell_the_starting_moment(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def get_configuration(self: Any) -> dict[str, Any]:
        told: dict[str, Any] = original(self)
        moment = self.starting_position_timestamp
        return told if moment is None else {**told, "StartingPositionTimestamp": moment}

    return get_configuration


@SEAMS.at(
    "moto.awslambda.models",
    "LambdaBackend.update_event_source_mapping",
    "self uuid spec",
    rests_on="esm.batch_size = spec[key]",
    replaces="takes settings that Lambda refuses",
)
def _check_changes_of_mappings(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def update_event_source_mapping(self: Any, uuid: str, spec: dict[str, Any]) -> Any:
        mapping = self.get_event_source_mapping(uuid)
        before = dict(vars(mapping)) if mapping else {}
        try:
            with refusing_values():
                changed = original(self, uuid, spec)
            if changed is not None:
                hooks.check_mapping(changed.get_configuration())
        except BaseException:  # it goes on as it was
            vars(mapping).update(before)
            raise
        return changed

    return update_event_source_mapping


@SEAMS.at(
    "moto.awslambda.models",
    "LambdaBackend.list_event_source_mappings",
    "self event_source_arn function_name",
    rests_on="x.function_name == function_name",
    replaces="finds a function's mappings only by the very form of its name they were made with",
)
def _list_mappings(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def list_event_source_mappings(self: Any, event_source_arn: str, function_name: str) -> Any:
        found = original(self, event_source_arn, None)
        wanted = _short(function_name or "")
        return [one for one in found if not wanted or _short(one.function_name) == wanted]

    return list_event_source_mappings


def _short(function: str) -> str:
    """A function's name and qualifier, whichever of AWS's three forms they were given in."""
    return function.rpartition("function:")[2]


@SEAMS.at(
    "moto.awslambda.models",
    "LambdaBackend.delete_event_source_mapping",
    "self uuid",
    rests_on="self._event_source_mappings.pop(uuid, None)",
    replaces="answers success where there is nothing to delete, and AWS 404",
)
def _delete_what_is_mapped(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def delete_event_source_mapping(self: Any, uuid: str) -> Any:
        found = original(self, uuid)
        if found is None:
            from moto.awslambda.exceptions import LambdaClientError

            error = LambdaClientError(
                "ResourceNotFoundException", "The resource you requested does not exist."
            )
            error.code = 404
            raise error
        return found

    return delete_event_source_mapping
