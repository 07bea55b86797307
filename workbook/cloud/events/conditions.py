"""One match expression of an event pattern, such as {"prefix": "ord"} or 42, as a predicate.

Follows AWS's own matcher, the open-source Event Ruler, in meaning and in the words of its
refusals. How expressions are arranged in a pattern, and found in an event, is patterns.py's.
"""

from __future__ import annotations

import ipaddress
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NUMERIC_BOUND = 5_000_000_000
BOTTOM_OPERATORS = {">": operator.gt, ">=": operator.ge}
TOP_OPERATORS = {"<": operator.lt, "<=": operator.le}
ONE_KEY = "Only one key allowed in match expression"
TOO_MANY = "Too many elements in numeric expression"


class InvalidEventPattern(Exception):
    """AWS's InvalidEventPatternException; the message is AWS's."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Event pattern is not valid. Reason: {reason}")
        self.reason = reason


@dataclass(frozen=True)
class Condition:
    """What a leaf of the event must be like.

    Args:
        test: asked of a leaf's value; never raises.
        absent: the leaf must not be there at all; `test` is then not asked.
    """

    test: Callable[[Any], bool]
    absent: bool = False


def parse_condition(expression: Any) -> Condition:
    """The condition that a member of a pattern's array states.

    Raises:
        InvalidEventPattern: AWS would refuse it.
    """
    if isinstance(expression, list):
        raise InvalidEventPattern("Match value must be String, number, true, false, or null")
    if not isinstance(expression, dict):
        return Condition(lambda value: _same(value, expression))
    if not expression:
        raise InvalidEventPattern("Match expression name not found")
    name, operand = next(iter(expression.items()))
    if name not in EXPRESSIONS:
        raise InvalidEventPattern(f"Unrecognized match type {name}")
    condition = EXPRESSIONS[name](operand)
    if len(expression) > 1:
        raise InvalidEventPattern(TOO_MANY if name in ("numeric", "anything-but") else ONE_KEY)
    return condition


def _exists(operand: Any) -> Condition:
    if not isinstance(operand, bool):
        raise InvalidEventPattern("exists match pattern must be either true or false.")
    return Condition(lambda value: operand, absent=not operand)


def _exactly(operand: Any) -> Condition:
    wanted = _text(operand, "exact match pattern must be a string")
    return Condition(lambda value: _same(value, wanted))


def _equals_ignore_case(operand: Any) -> Condition:
    wanted = _text(operand, "equals-ignore-case match pattern must be a string").lower()
    return Condition(lambda value: isinstance(value, str) and value.lower() == wanted)


def _prefix(operand: Any) -> Condition:
    if isinstance(operand, dict):
        begin = _ignoring_case("prefix", operand)
        return Condition(lambda value: isinstance(value, str) and value.lower().startswith(begin))
    start = _text(operand, "prefix match pattern must be a string")
    return Condition(lambda value: isinstance(value, str) and value.startswith(start))


def _suffix(operand: Any) -> Condition:
    if isinstance(operand, dict):
        end = _ignoring_case("suffix", operand)
        return Condition(lambda value: isinstance(value, str) and value.lower().endswith(end))
    finish = _text(operand, "suffix match pattern must be a string")
    return Condition(lambda value: isinstance(value, str) and value.endswith(finish))


def _wildcard(operand: Any) -> Condition:
    expression = _wildcard_expression(_text(operand, "wildcard match pattern must be a string"))
    return Condition(
        lambda value: isinstance(value, str) and expression.fullmatch(value) is not None
    )


def _cidr(operand: Any) -> Condition:
    network = _network(_text(operand, "prefix match pattern must be a string"))

    def inside(value: Any) -> bool:
        try:
            return isinstance(value, str) and ipaddress.ip_address(value) in network
        except ValueError:
            return False

    return Condition(inside)


def _numeric(operand: Any) -> Condition:
    if not isinstance(operand, list):
        raise InvalidEventPattern("Value of numeric must be an array.")
    comparisons = _comparisons(operand)
    return Condition(
        lambda value: _is_number(value) and all(test(value, limit) for test, limit in comparisons)
    )


def _anything_but(operand: Any) -> Condition:
    if isinstance(operand, dict):
        return _anything_but_expression(operand)
    if not isinstance(operand, list | str) and not _is_number(operand):
        raise InvalidEventPattern(
            "Value of anything-but must be an array or single string/number value."
        )
    excluded = operand if isinstance(operand, list) else [operand]
    for member in excluded:
        if not isinstance(member, str) and not _is_number(member):
            raise InvalidEventPattern(
                "Inside anything but list, start|null|boolean is not supported."
            )
    if len({isinstance(member, str) for member in excluded}) != 1:
        raise InvalidEventPattern(
            "Inside anything but list, either all values are number or string, "
            "mixed type is not supported"
        )
    return Condition(lambda value: not any(_same(value, member) for member in excluded))


def _anything_but_expression(expression: dict[str, Any]) -> Condition:
    name, operand = next(iter(expression.items()), ("", None))
    if not name:
        raise InvalidEventPattern("Anything-But expression name not found")
    refusals = {
        "equals-ignore-case": "Inside anything-but/equals-ignore-case list, "
        "number|start|null|boolean is not supported.",
        "prefix": "prefix/suffix match pattern must be a string",
        "suffix": "prefix/suffix match pattern must be a string",
        "wildcard": "wildcard match pattern must be a string",
    }
    if name not in refusals:
        raise InvalidEventPattern(f"Unsupported anything-but pattern: {name}")
    excluded = operand if isinstance(operand, list) else [operand]
    for member in excluded:
        if not _text(member, refusals[name]) and name in ("prefix", "suffix"):
            raise InvalidEventPattern("Null prefix/suffix not allowed")
    if len(expression) > 1:
        raise InvalidEventPattern(TOO_MANY)
    conditions = [EXPRESSIONS[name](member) for member in excluded]
    return Condition(lambda value: not any(one.test(value) for one in conditions))


EXPRESSIONS: dict[str, Callable[[Any], Condition]] = {
    "exactly": _exactly,
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _equals_ignore_case,
    "wildcard": _wildcard,
    "anything-but": _anything_but,
    "numeric": _numeric,
    "cidr": _cidr,
    "exists": _exists,
}


def _comparisons(terms: list[Any]) -> list[tuple[Callable[[Any, Any], bool], float]]:
    sign, limit = _comparison(terms, 0)
    if sign == "=":
        _refuse_more(terms, 2, TOO_MANY)
        return [(operator.eq, limit)]
    if sign in TOP_OPERATORS:
        _refuse_more(terms, 2, TOO_MANY)
        return [(TOP_OPERATORS[sign], limit)]
    if sign not in BOTTOM_OPERATORS:
        raise InvalidEventPattern(f"Unrecognized numeric range operator: {sign}")
    comparisons = [(BOTTOM_OPERATORS[sign], limit)]
    if len(terms) > 2:
        top_sign, top = _comparison(terms, 2)
        if top_sign not in TOP_OPERATORS:
            raise InvalidEventPattern(f"Bad numeric range operator: {top_sign}")
        _refuse_more(terms, 4, "Too many terms in numeric range expression")
        if not limit < top:
            raise InvalidEventPattern("Bottom must be less than top")
        comparisons.append((TOP_OPERATORS[top_sign], top))
    return comparisons


def _comparison(terms: list[Any], start: int) -> tuple[str, float]:
    sign = terms[start] if len(terms) > start else "]"
    if not isinstance(sign, str) or sign == "]":
        raise InvalidEventPattern(f"Invalid member in numeric match: {sign}")
    limit = terms[start + 1] if len(terms) > start + 1 else None
    if not _is_number(limit):
        named = "equals" if sign == "=" else sign
        raise InvalidEventPattern(f"Value of {named} must be numeric")
    assert isinstance(limit, int | float)
    if abs(limit) > NUMERIC_BOUND:
        raise InvalidEventPattern(
            f"Value must be between -{NUMERIC_BOUND} and {NUMERIC_BOUND}, inclusive"
        )
    return sign, limit


def _refuse_more(terms: list[Any], most: int, reason: str) -> None:
    if len(terms) > most:
        raise InvalidEventPattern(reason)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    address, slash, mask = text.partition("/")
    if not slash or "/" in mask:
        raise InvalidEventPattern("Malformed CIDR, one '/' required")
    try:
        bits = int(mask)
    except ValueError as error:
        raise InvalidEventPattern("Malformed CIDR, mask bits must be an integer") from error
    if bits < 0:
        raise InvalidEventPattern("Malformed CIDR, mask bits must not be negative")
    try:
        version = ipaddress.ip_address(address).version
    except ValueError as error:
        raise InvalidEventPattern(f"Nonstandard IP address: {address}") from error
    width = 32 if version == 4 else 128
    if bits >= width:
        raise InvalidEventPattern(f"IPv{version} mask bits must be < {width}")
    return ipaddress.ip_network(text, strict=False)


def _wildcard_expression(text: str) -> re.Pattern[str]:
    quoted = f'"{text}"'  # AWS counts positions in the quoted text
    pieces, position = [], 1
    while position < len(quoted) - 1:
        character, following = quoted[position], quoted[position + 1]
        if character == "*":
            if following == "*":
                raise InvalidEventPattern(f"Consecutive wildcard characters at pos {position}")
            pieces.append(".*")
        elif character == "\\":
            if following not in ("*", "\\"):
                raise InvalidEventPattern(f"Invalid escape character at pos {position}")
            pieces.append(re.escape(following))
            position += 1
        else:
            pieces.append(re.escape(character))
        position += 1
    return re.compile("".join(pieces), re.DOTALL)


def _ignoring_case(name: str, expression: dict[str, Any]) -> str:
    inner, operand = next(iter(expression.items()), ("", None))
    if not inner:
        raise InvalidEventPattern(f"{name.capitalize()} expression name not found")
    if inner != "equals-ignore-case":
        raise InvalidEventPattern(f"Unsupported {name} pattern: {inner}")
    if len(expression) > 1:
        raise InvalidEventPattern(ONE_KEY)
    return _text(operand, "equals-ignore-case match pattern must be a string").lower()


def _text(operand: Any, refusal: str) -> str:
    if not isinstance(operand, str):
        raise InvalidEventPattern(refusal)
    return operand


def _same(value: Any, wanted: Any) -> bool:
    """Equality as in JSON: true is not 1, but 1 is 1.0."""
    if _is_number(value) and _is_number(wanted):
        return bool(value == wanted)
    return type(value) is type(wanted) and bool(value == wanted)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
