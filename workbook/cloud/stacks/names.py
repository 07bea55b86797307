"""Names and ids as CloudFormation makes them up.

One source of ids feeds them all, so that a seeded source gives the same names again.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from uuid import UUID

IdSource = Callable[[], UUID]

_ALPHABET = string.digits + string.ascii_letters
_SUFFIX_LENGTH = 12


def suffix(ids: IdSource) -> str:
    """Twelve letters and digits, as at the end of a generated name."""
    number = ids().int
    letters = []
    for _ in range(_SUFFIX_LENGTH):
        number, position = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[position])
    return "".join(letters)


def physical_name(
    stack_name: str, logical_id: str, ids: IdSource, limit: int, *, lower: bool = False
) -> str:
    """`stack-LogicalId-suffix`, cut so that it fits.

    Args:
        limit: the longest name that the service takes.
        lower: for services that know no capitals.
    """
    end = suffix(ids)
    room = limit - len(end) - 2
    if len(stack_name) + len(logical_id) > room:
        stack_name = stack_name[: max(room // 2, room - len(logical_id))]
        logical_id = logical_id[: room - len(stack_name)]
    name = f"{stack_name}-{logical_id}-{end}"
    return name.lower() if lower else name


def is_made_up(name: str, logical_id: str) -> bool:
    """Whether a name was made up here of a resource's logical id; a secret's ARN adds to it."""
    made = rf"(.+-)?{re.escape(logical_id)}-[0-9a-z]{{{_SUFFIX_LENGTH}}}(-[0-9a-z]{{6}})?"
    return re.fullmatch(made, name, re.IGNORECASE) is not None


def last_part(physical_id: str) -> str:
    """The name in a physical id that may be an ARN or a URL."""
    return physical_id.rpartition(":")[2].rpartition("/")[2]


def stack_arn(region: str, account: str, name: str, ids: IdSource) -> str:
    """A stack's id."""
    return f"arn:aws:cloudformation:{region}:{account}:stack/{name}/{ids()}"


def change_set_arn(region: str, account: str, name: str, ids: IdSource) -> str:
    """A change set's id."""
    return f"arn:aws:cloudformation:{region}:{account}:changeSet/{name}/{ids()}"
