"""The decision over one need: AWS's page "Policy evaluation for requests within a single account".

Every layer of policies (identity-based, a permissions boundary, a session policy) must allow, and
a Deny in any of them ends it. Resource-based policies, service control policies and anything
between accounts are not looked at. Pure: policies and condition keys in, a decision out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from workbook.cloud.iam import conditions
from workbook.cloud.iam.conditions import UnknownKey
from workbook.cloud.iam.policies import Need, Policy, Statement
from workbook.cloud.missing import Missing, NotEmulated

IDENTITY = "identity-based policy"
BOUNDARY = "permissions boundary"
SESSION = "session policy"


@dataclass(frozen=True)
class Layer:
    """Policies of one kind; several of them allow what any of them allows."""

    kind: str
    policies: tuple[Policy, ...]


@dataclass(frozen=True)
class Denial:
    """Why a need is not met.

    Args:
        kind: of which layer.
        explicit: whether a Deny statement said so; otherwise nothing there allowed it.
    """

    need: Need
    kind: str
    explicit: bool


@dataclass(frozen=True)
class Context:
    """The request's condition keys.

    Args:
        keys: in lower case, with their values.
        known: whether a key that is not among them is known to be absent.
    """

    keys: Mapping[str, tuple[str, ...]]
    known: Callable[[str], bool]


def decide(need: Need, layers: Sequence[Layer], context: Context) -> Denial | None:
    """Why a need is denied, or None.

    Raises:
        NotEmulated: it hangs on something that this cloud cannot judge.
    """
    context = Context({**context.keys, **need.keys}, context.known)
    for layer in layers:
        if any(_denies(each, need, context) for each in _statements(layer, allowing=False)):
            return Denial(need, layer.kind, explicit=True)
    for layer in layers:
        if not any(_allows(each, need, context) for each in _statements(layer, allowing=True)):
            return Denial(need, layer.kind, explicit=False)
    return None


def _statements(layer: Layer, *, allowing: bool) -> list[Statement]:
    return [
        statement
        for policy in layer.policies
        for statement in policy.statements
        if statement.allows == allowing
    ]


def _allows(statement: Statement, need: Need, context: Context) -> bool:
    """An Allow on a key that cannot be known allows nothing: the error is on the safe side."""
    try:
        return statement.speaks_of(need) and _conditions_hold(statement, context)
    except UnknownKey:
        return False


def _denies(statement: Statement, need: Need, context: Context) -> bool:
    """A Deny on a key that cannot be known is neither applied nor passed over."""
    try:
        return statement.speaks_of(need) and _conditions_hold(statement, context)
    except UnknownKey as unknown:
        raise NotEmulated(Missing.UNKNOWN_KEYS, str(unknown)) from unknown


def _conditions_hold(statement: Statement, context: Context) -> bool:
    """All tests hold. One that fails decides, whatever cannot be known beside it."""
    unknown: UnknownKey | None = None
    for test in statement.tests:
        for value in test.values:
            statement.refuse_variables(value)
        try:
            if not conditions.holds(test, context.keys, context.known):
                return False
        except UnknownKey as found:
            unknown = found
    if unknown is not None:
        raise unknown
    return True
