"""The ways a CloudFormation call is refused, and how a resource or an update fails.

StacksError
├── Refusal          the call itself is answered with an AWS error: code, message, HTTP status
└── ResourceFailure  a resource could not be made; the stack's events say why
    └── AlreadyExists  … because there is one of that name

The wordings are AWS's own, as its API and the stack events print them.
"""

from __future__ import annotations


class StacksError(Exception):
    """Anything this package raises on purpose."""


class Refusal(StacksError):
    """An answer that is an error.

    Args:
        code: AWS's error code, such as "ValidationError".
        message: what AWS's API would say.
        status: the HTTP status that goes with the code.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class ResourceFailure(StacksError):
    """A resource, or an output, that could not be brought about; its text is the event's reason."""


class AlreadyExists(ResourceFailure):
    """There is such a resource, and it belongs to nobody's stack or to another's."""

    def __init__(self, kind: str, identifier: str) -> None:
        super().__init__(
            f"Resource of type '{kind}' with identifier '{identifier}' already exists."
        )


def invalid(message: str) -> Refusal:
    """CloudFormation's ordinary error, for nearly everything wrong with a call or a template."""
    return Refusal("ValidationError", message)


def no_such_stack(name: str) -> Refusal:
    """What a stack's name or id gets when there is none."""
    return invalid(f"Stack with id {name} does not exist")
