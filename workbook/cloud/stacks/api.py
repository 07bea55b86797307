"""The CloudFormation API: a request comes in, the call it names is made, an XML answer goes out.

The calls themselves are in stack_calls.py, change_set_calls.py and template_calls.py; the protocol
is query.py's. What is not among them, or a parameter that nothing would come of, answers 501 with
its name.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from botocore.model import OperationModel

from workbook.cloud.missing import CODE, STATUS, Missing, NotEmulated

from . import query
from .change_set_calls import ChangeSetCalls
from .dynamic import ClientFactory
from .engine import Engine
from .errors import Refusal
from .names import IdSource, is_made_up, last_part
from .registry import Registry
from .resources import Resources
from .serverless import transform
from .stack_calls import StackCalls
from .submission import Submissions
from .template_calls import TemplateCalls

# Parameters of the calls above that have no effect here; empty ones are let through.
_REFUSED = frozenset(
    {
        "CallAs",
        "DeploymentConfig",
        "DeploymentMode",
        "ImportExistingResources",
        "IncludeNestedStacks",
        "IncludePropertyValues",
        "NotificationARNs",
        "ResourcesToImport",
        "ResourceTypes",
        "RetainExceptOnCreate",
        "RoleARN",
        "RollbackConfiguration",
        "StackPolicyBody",
        "StackPolicyDuringUpdateBody",
        "StackPolicyDuringUpdateURL",
        "StackPolicyURL",
        "StackSetName",
        "TemplateSummaryConfig",
        "TimeoutInMinutes",
    }
)

Response = tuple[int, list[tuple[str, str]], bytes]


class Stacks:
    """CloudFormation for one account and region.

    Args:
        client: makes boto3 clients, by service, that reach the local cloud.
        ids: where names and ids come from; a seeded one makes them the same every time.
        held: seconds for which DescribeStacks of one stack waits for an operation to end. Who asks
            so waits for that end: the AWS CLI and boto3's waiters look once and then sleep for 30
            seconds, where most stacks here take two.
    """

    def __init__(
        self,
        client: ClientFactory,
        *,
        region: str = "us-east-1",
        account: str = "123456789012",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        ids: IdSource = uuid.uuid4,
        held: float = 20.0,
    ) -> None:
        self._ids = ids
        self._held = held
        self._registry = Registry(region=region, account=account, clock=clock, ids=ids)
        self._engine = Engine(
            resources=Resources(client, ids, region, account),
            scope_of=self._registry.scope,
            exports=self._registry.exports,
        )
        submissions = Submissions(client, partial(transform, region=region))
        change_sets = ChangeSetCalls(
            self._registry,
            self._engine,
            submissions,
            region=region,
            account=account,
            clock=clock,
            ids=ids,
        )
        self._calls = {
            **StackCalls(self._registry, self._engine, submissions).calls(),
            **change_sets.calls(),
            **TemplateCalls(self._registry, submissions, change_sets.goal_of).calls(),
        }

    def handle(self, environ: Mapping[str, Any]) -> Response:
        """Answer one WSGI request: status, headers, body."""
        request_id = str(uuid.uuid4())
        try:
            form = _form(environ)
            operation = query.operation(form)
            body = query.result(operation, self._call(operation, form), request_id)
            status = 200
        except Refusal as refusal:
            body, status = query.error(refusal, request_id), refusal.status
        except NotEmulated as missing:
            body = query.error(Refusal(CODE, str(missing), STATUS), request_id)
            status = STATUS
        headers = [("Content-Type", "text/xml"), ("x-amzn-RequestId", request_id)]
        return status, headers, body

    def in_flight(self) -> int:
        """Operations on stacks that are under way."""
        return self._engine.in_flight()

    def wait_until_quiet(self, timeout: float) -> bool:
        """Whether no operation was under way at some moment within `timeout` seconds."""
        return self._engine.wait_until_quiet(timeout)

    def names(self) -> Iterable[str]:
        """Stacks that exist, those that could not be deleted too."""
        with self._registry.lock:
            return [stack.name for stack in self._registry.living()]

    def made_names(self) -> Mapping[str, str]:
        """Logical ids by the physical names that were made up for them; those that tell apart."""
        with self._registry.lock:
            held = [item for s in self._registry.living() for item in s.resources.items()]
        made = {
            last_part(resource.physical_id): logical_id
            for logical_id, resource in held
            if is_made_up(last_part(resource.physical_id), logical_id)
        }
        times = Counter(made.values())
        return {name: logical_id for name, logical_id in made.items() if times[logical_id] == 1}

    def operations(self) -> Iterable[str]:
        """The calls that are answered."""
        return self._calls.keys()

    def _call(self, operation: OperationModel, form: query.Form) -> Mapping[str, Any]:
        name = operation.name
        if name not in self._calls:
            raise NotEmulated(Missing.STACK_CALLS, name)
        given = query.read(operation, form)
        refused = [key for key, value in given.items() if value and key in _REFUSED]
        if refused:
            raise NotEmulated(Missing.STACK_PARAMETERS, f"{refused[0]} of {name}")
        if name == "DescribeStacks":
            self._hold(given.get("StackName"))
        with self._registry.lock:
            return self._calls[name](given)

    def _hold(self, name: str | None) -> None:
        """Let the operation on that stack end, if it does so soon."""
        with self._registry.lock:
            stack = self._registry.find(name) if name else None
        if stack is not None:
            self._engine.wait_until_settled(stack, self._held)


def _form(environ: Mapping[str, Any]) -> dict[str, str]:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    return dict([*pairs, *parse_qsl(body.decode(), keep_blank_values=True)])
