"""Who a request comes from: the access key it is signed with, and the policies behind that key.

Keys that nobody here has made are the developer's own, and the developer is the account's
administrator. Sessions of roles (STS's AssumeRole, and what every function is given) and users'
access keys carry the policies of their role, or of their user and its groups, read anew for every
request. Where roles, users and sessions are kept is the `Directory`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from workbook.cloud.iam.evaluate import BOUNDARY, IDENTITY, SESSION, Layer
from workbook.cloud.iam.policies import parse


@dataclass(frozen=True)
class Session:
    """What an access key of a role stands for.

    Args:
        role_arn: arn:aws:iam::…:role/PATH/NAME.
        name: the session's; for a function, the function's.
        policy: a session policy's JSON, or None.
        began: seconds since 1970; None for one that begins now.
    """

    role_arn: str
    name: str
    policy: str | None = None
    began: float | None = None


@dataclass(frozen=True)
class Identity:
    """A role or a user.

    Args:
        id: AROA… or AIDA….
        policies: names and JSON of its policies, and of its groups'.
        boundary: likewise of its permissions boundary, or None.
        active: whether the access key that led here may be used.
        made: when it was, in seconds since 1970.
    """

    arn: str
    id: str
    policies: Sequence[tuple[str, str]]
    boundary: tuple[str, str] | None = None
    active: bool = True
    made: float = 0.0


class Directory(Protocol):
    """What IAM and STS keep."""

    def session(self, access_key: str) -> Session | None: ...
    def user(self, access_key: str) -> Identity | None: ...
    def role(self, arn: str) -> Identity | None: ...


@dataclass(frozen=True)
class Principal:
    """Somebody who is not the administrator.

    Args:
        arn: as AWS names them in a refusal.
        layers: the policies they are under.
        keys: the condition keys that tell of them, in lower case.
    """

    arn: str
    layers: tuple[Layer, ...]
    keys: Mapping[str, tuple[str, ...]]


class InvalidKey(Exception):
    """The access key was somebody's, and is no longer."""


class Callers:
    """Tells principals by their access keys."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._seen: set[str] = set()  # keys that were somebody's: deleted, they are nobody's

    def who(self, access_key: str) -> Principal | None:
        """Whose key this is; None for the administrator.

        Raises:
            InvalidKey: it was deactivated, or deleted after it had been used.
        """
        session = self._directory.session(access_key)
        if session is not None:
            return self.in_role(session)
        user = self._directory.user(access_key)
        if user is None and access_key not in self._seen:
            return None
        if user is None or not user.active:
            raise InvalidKey(access_key)
        self._seen.add(access_key)
        return Principal(user.arn, _layers(user, None), _user_keys(user))

    def in_role(self, session: Session) -> Principal:
        """Somebody in a role. A role that is gone allows nothing.

        One that was made since under the same name is another: it has an id of its own.
        """
        role = self._directory.role(session.role_arn)
        if role is None or (session.began is not None and session.began < role.made):
            role = Identity(session.role_arn, "", ())
        account, name = session.role_arn.split(":")[4], session.role_arn.rpartition("/")[2]
        arn = f"arn:aws:sts::{account}:assumed-role/{name}/{session.name}"
        return Principal(arn, _layers(role, session.policy), _role_keys(role, session.name))


def _layers(identity: Identity, session_policy: str | None) -> tuple[Layer, ...]:
    layers = [Layer(IDENTITY, tuple(parse(*each) for each in identity.policies))]
    if identity.boundary is not None:
        layers.append(Layer(BOUNDARY, (parse(*identity.boundary),)))
    if session_policy:
        layers.append(Layer(SESSION, (parse("session", session_policy),)))
    return tuple(layers)


def _user_keys(user: Identity) -> dict[str, tuple[str, ...]]:
    name = user.arn.rpartition("/")[2]
    return {
        "aws:principalarn": (user.arn,),
        "aws:principaltype": ("User",),
        "aws:userid": (user.id,),
        "aws:username": (name,),
    }


def _role_keys(role: Identity, session: str) -> dict[str, tuple[str, ...]]:
    return {
        "aws:multifactorauthpresent": ("false",),  # said of temporary credentials only
        "aws:principalarn": (role.arn,),
        "aws:principaltype": ("AssumedRole",),
        "aws:userid": (f"{role.id}:{session}",),
    }
