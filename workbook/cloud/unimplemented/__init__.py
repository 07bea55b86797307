"""The AWS calls that ask for what the local cloud has not: they answer 501 with its name.

moto keeps the state of far more than it carries out, so many of its answers would be successes
that mean nothing here: a phone number that is never texted, a schedule that never fires. Each
such call in the services this cloud stands for has an entry; front.py asks before moto is asked.
What moto does not know at all is answered 501 by front.py itself; what only shows further inside
(a route's IAM authorizer, a policy variable) is refused there. All names are missing.py's.

entry.py says what an entry is; each of the others has those of its services.
"""

from __future__ import annotations

from workbook.cloud.answer import Answer, service_error
from workbook.cloud.calls import AwsCall
from workbook.cloud.missing import CODE, STATUS, NotEmulated

from . import apigateway, awslambda, cloudformation, data, events
from .entry import Parameters, Unimplemented


def find(call: AwsCall, parameters: Parameters) -> Unimplemented | None:
    """The entry that covers a call; None when it can go on."""
    for entry in TABLE_BY_SERVICE.get(call.service, ()):
        if entry.covers(call, parameters):
            return entry
    return None


def refusal(missing: NotEmulated, call: AwsCall, *, form: bool) -> Answer:
    """501 in the protocol of the service that was called.

    Args:
        form: whether the call came as a form, whose services answer in XML.
    """
    return service_error(CODE, str(missing), STATUS, service=call.service, form=form)


TABLE: tuple[Unimplemented, ...] = (
    *awslambda.TABLE,
    *apigateway.TABLE,
    *events.TABLE,
    *data.TABLE,
    *cloudformation.TABLE,
)
TABLE_BY_SERVICE: dict[str, tuple[Unimplemented, ...]] = {
    service: tuple(entry for entry in TABLE if entry.service == service)
    for service in {entry.service for entry in TABLE}
}

# Kept and described as it was told, and true as far as it goes: on AWS, too, nothing comes of these
# within the hours that a cloud on a laptop lives, or nothing that a caller could see.
KEPT: tuple[tuple[str, str, str], ...] = (
    ("dynamodb", "time to live", "AWS takes days; items stay"),
    ("dynamodb", "point-in-time recovery", "there are no backups to restore"),
    ("dynamodb", "provisioned throughput", "no table is throttled"),
    ("s3", "lifecycle rules", "AWS runs them once a day; objects stay"),
    (
        "s3",
        "encryption and public access settings",
        "nothing is encrypted, and nobody is elsewhere",
    ),
    (
        "kinesis",
        "retention, encryption and shard-level metrics",
        "records end with the stream or the cloud; nothing is encrypted or measured",
    ),
    ("lambda", "permissions of functions", "whoever may deploy may connect; no caller is refused"),
    (
        "logs",
        "retention",
        "logs end with the cloud; a stream keeps its last 5,000 to 10,000 events",
    ),
)

__all__ = ["KEPT", "TABLE", "TABLE_BY_SERVICE", "Unimplemented", "find", "refusal"]
