"""Policies as they are written: documents, statements, and whether a statement speaks of a need.

A `Need` is one permission that a request wants: an action on a resource, with the condition keys
that belong to it. evaluate.py decides over whole policies; conditions.py over Condition elements.
AWS's page is "IAM JSON policy element reference". A policy variable, `${aws:username}`, is not
emulated: a statement that has one raises as soon as it would matter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from workbook.cloud.iam.wildcards import action_matches, resource_matches
from workbook.cloud.missing import Missing, NotEmulated

VARIABLES_SINCE = "2012-10-17"  # in older policies "${" is text like any other


@dataclass(frozen=True)
class Need:
    """A permission that a request wants.

    Args:
        action: as in a policy: "dynamodb:PutItem".
        resource: its ARN; "*" for an action that knows no resources.
        keys: condition keys of this need alone, in lower case, with their values.
        shown: the resource as the service's refusal names it, where that is not its ARN.
    """

    action: str
    resource: str = "*"
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shown: str | None = None


@dataclass(frozen=True)
class Condition:
    """One line of a Condition element: operator, key, values."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """One statement of an identity-based policy.

    Args:
        actions: the patterns of Action, or of NotAction where `except_actions`.
        resources: likewise.
        tests: all of them must hold.
        variables: whether `${…}` is a policy variable.
    """

    allows: bool
    actions: tuple[str, ...]
    except_actions: bool
    resources: tuple[str, ...]
    except_resources: bool
    tests: tuple[Condition, ...]
    variables: bool

    def speaks_of(self, need: Need) -> bool:
        """Whether it covers this action on this resource, its conditions left aside.

        Raises:
            NotEmulated: a resource is given by a policy variable.
        """
        named = any(action_matches(pattern, need.action) for pattern in self.actions)
        if named == self.except_actions:
            return False
        for pattern in self.resources:
            self.refuse_variables(pattern)
        covered = any(resource_matches(pattern, need.resource) for pattern in self.resources)
        return covered != self.except_resources

    def refuse_variables(self, text: str) -> None:
        """Raise if `text` has a policy variable in it.

        Raises:
            NotEmulated: naming it.
        """
        if self.variables and "${" in text:
            variable = text[text.index("${") :].partition("}")[0] + "}"
            raise NotEmulated(Missing.POLICY_VARIABLES, variable)


@dataclass(frozen=True)
class Policy:
    """A whole policy; `name` is for people."""

    name: str
    statements: tuple[Statement, ...]


@lru_cache(maxsize=1_024)
def parse(name: str, document: str) -> Policy:
    """Read a policy's JSON, which IAM has accepted."""
    policy = json.loads(document)
    variables = policy.get("Version") == VARIABLES_SINCE
    statements = policy.get("Statement", [])
    each = [statements] if isinstance(statements, Mapping) else statements
    return Policy(name, tuple(_statement(statement, variables) for statement in each))


def _statement(statement: Mapping[str, Any], variables: bool) -> Statement:
    return Statement(
        allows=statement["Effect"] == "Allow",
        actions=_texts(statement.get("Action", statement.get("NotAction"))),
        except_actions="NotAction" in statement,
        resources=_texts(statement.get("Resource", statement.get("NotResource"))),
        except_resources="NotResource" in statement,
        tests=tuple(
            Condition(operator, key, _texts(values))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        ),
        variables=variables,
    )


def _texts(value: Any) -> tuple[str, ...]:
    """One value or a list of them, as text: JSON's true is "true"."""
    if value is None:
        return ()
    values = value if isinstance(value, list) else [value]
    return tuple(each if isinstance(each, str) else json.dumps(each) for each in values)
