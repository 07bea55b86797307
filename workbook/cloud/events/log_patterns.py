"""Filter patterns of CloudWatch Logs: which log events a subscription is sent.

Follows "Filter pattern syntax for metric filters, subscription filters, filter log events, and
Live Tail": terms (`ERROR -retry`, `?ERROR ?WARN`), JSON (`{ $.status >= 500 }`) and fields between
spaces (`[ip, user, status=4*, ...]`). What EventBridge calls patterns is patterns.py's.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

Matches = Callable[[str], bool]
Test = Callable[[Any], bool]  # of a JSON document, or of the fields of a line by their names

TERM = re.compile(r'\s*([?-]?)(?:"((?:\\.|[^"\\])*)"|%([^%]*)%|([^\s"%]+))')
STEP = r"""(?:\.?\[(?:\d+|\*|"[^"]*"|'[^']*')\]|\.[^\s=!<>&|()\[\].,]+)"""
TOKEN = re.compile(
    r'\s*(?:("(?:\\.|[^"\\])*")|(%[^%]*%)|(&&|\|\||!=|<=|>=|[=<>(),])'
    rf"""|(\${STEP}+)|([^\s"%&|=!<>(),]+))"""
)
FIELD = re.compile(r'"([^"]*)"|\[([^\]]*)\]|(\S+)')
MISSING = object()
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
CONSTANTS = {"NULL": None, "TRUE": True, "FALSE": False}


class InvalidFilterPattern(Exception):
    """CloudWatch Logs's 400 InvalidParameterException; the message is AWS's."""

    def __init__(self) -> None:
        super().__init__("Invalid filter pattern")


@lru_cache(maxsize=128)  # FilterLogEvents asks anew for each event
def parse_filter_pattern(text: str) -> Matches:
    """What tells whether a log event's message is asked for.

    Raises:
        InvalidFilterPattern: it is no pattern.
    """
    text = text.strip()
    if text[:1] == "{":
        return _json_pattern(_within(text, "}"))
    if text[:1] == "[":
        return _field_pattern(_within(text, "]"))
    return _term_pattern(text)


def _within(text: str, end: str) -> str:
    if not text.endswith(end) or not text[1:-1].strip():
        raise InvalidFilterPattern
    return text[1:-1]


# ── terms ───────────────────────────────────────────────────────────────────────────────────


def _term_pattern(text: str) -> Matches:
    kinds: dict[str, list[Matches]] = {"": [], "?": [], "-": []}
    position = 0
    while position < len(text):
        found = TERM.match(text, position)
        if found is None:
            raise InvalidFilterPattern
        kinds[found[1]].append(_term(found))
        position = found.end()
    wanted, optional, unwanted = kinds.values()
    if optional and not wanted and not unwanted:  # beside other terms AWS ignores them
        return lambda message: any(holds(message) for holds in optional)
    return lambda message: (
        all(holds(message) for holds in wanted) and not any(holds(message) for holds in unwanted)
    )


def _term(found: re.Match[str]) -> Matches:
    if found[3] is not None:
        expression = _expression(found[3])
        return lambda message: expression.search(message) is not None
    term = found[4] if found[2] is None else re.sub(r"\\(.)", r"\1", found[2])
    return lambda message: term in message


# ── JSON ────────────────────────────────────────────────────────────────────────────────────


def _json_pattern(text: str) -> Matches:
    test = _Conditions(text, _at_path).whole()

    def matches(message: str) -> bool:
        try:
            document = json.loads(message)
        except ValueError:
            return False
        return isinstance(document, dict) and test(document)

    return matches


def _at_path(path: str) -> Callable[[Any], list[Any]]:
    if not path.startswith("$"):
        raise InvalidFilterPattern
    steps = [step.lstrip(".").strip("[]") for step in re.findall(STEP, path)]

    def found(document: Any) -> list[Any]:
        values = [document]
        for step in steps:
            values = [below for value in values for below in _below(value, step)]
        return values

    return found


def _below(value: Any, step: str) -> Iterable[Any]:
    if isinstance(value, list):
        if step == "*":
            return value
        return value[int(step) : int(step) + 1] if step.isdigit() else ()
    name = step[1:-1] if step[:1] in ("'", '"') else step
    return (value[name],) if isinstance(value, dict) and name in value else ()


# ── fields between spaces ───────────────────────────────────────────────────────────────────


def _field_pattern(text: str) -> Matches:
    parts = [part.strip() for part in re.findall(r'((?:"[^"]*"|%[^%]*%|[^,"%])+)', text)]
    if not all(parts) or parts.count("...") > 1:
        raise InvalidFilterPattern
    tests = [None if part == "..." else _field_test(part) for part in parts]
    gap = parts.index("...") if "..." in parts else None

    def matches(message: str) -> bool:
        fields = [next(filter(None, found.groups()), "") for found in FIELD.finditer(message)]
        if gap is None:
            chosen, wanted = fields, tests
        else:
            after = len(tests) - gap - 1
            if len(fields) < len(tests) - 1:
                return False
            chosen = fields[:gap] + fields[len(fields) - after :]
            wanted = tests[:gap] + tests[gap + 1 :]
        if len(chosen) != len(wanted):
            return False
        return all(test(field) for test, field in zip(wanted, chosen, strict=True) if test)

    return matches


def _field_test(part: str) -> Test:
    if re.fullmatch(r"\w+", part):
        return lambda field: True
    return _Conditions(part, lambda name: lambda field: [_number_or(field)]).whole()


def _number_or(field: str) -> Any:
    try:
        return float(field)
    except ValueError:
        return field


# ── conditions, of JSON and of fields ───────────────────────────────────────────────────────


class _Conditions:
    """Reads `a = 1 && (b != "x" || c IS NULL)`; `operand` says what a name stands for."""

    def __init__(self, text: str, operand: Callable[[str], Callable[[Any], list[Any]]]) -> None:
        self._operand = operand
        self._tokens = [found[0].strip() for found in TOKEN.finditer(text)]
        if "".join(self._tokens) != re.sub(r"\s+(?=(?:[^\"%]|\"[^\"]*\"|%[^%]*%)*$)", "", text):
            raise InvalidFilterPattern

    def whole(self) -> Test:
        test = self._alternatives()
        if self._tokens:
            raise InvalidFilterPattern
        return test

    def _alternatives(self) -> Test:
        tests = [self._conjunction()]
        while self._took("||"):
            tests.append(self._conjunction())
        return lambda event: any(test(event) for test in tests)

    def _conjunction(self) -> Test:
        tests = [self._condition()]
        while self._took("&&"):
            tests.append(self._condition())
        return lambda event: all(test(event) for test in tests)

    def _condition(self) -> Test:
        if self._took("("):
            test = self._alternatives()
            if not self._took(")"):
                raise InvalidFilterPattern
            return test
        values, sign = self._operand(self._next()), self._next()
        if sign.upper() == "IS":
            constant = CONSTANTS.get(self._next().upper(), MISSING)
            if constant is MISSING:
                raise InvalidFilterPattern
            return lambda event: any(value is constant for value in values(event))
        if sign.upper() == "NOT" and self._next().upper() == "EXISTS":
            return lambda event: not values(event)
        test = _comparison(sign, self._next())
        return lambda event: any(test(value) for value in values(event))

    def _took(self, token: str) -> bool:
        return bool(self._tokens[:1] == [token] and self._tokens.pop(0))

    def _next(self) -> str:
        if not self._tokens:
            raise InvalidFilterPattern
        return self._tokens.pop(0)


def _comparison(sign: str, text: str) -> Test:
    if sign in COMPARISONS:
        try:
            limit = float(text)
        except ValueError as error:
            raise InvalidFilterPattern from error
        compare = COMPARISONS[sign]
        return lambda value: _is_number(value) and compare(value, limit)
    if sign not in ("=", "!="):
        raise InvalidFilterPattern
    same = _equality(text)
    return same if sign == "=" else lambda value: not same(value)


def _equality(text: str) -> Test:
    if text[:1] == "%":
        expression = _expression(text[1:-1])
        return lambda value: expression.search(_text(value)) is not None
    quoted = text[:1] == '"'
    wanted = re.sub(r"\\(.)", r"\1", text[1:-1]) if quoted else text
    if not quoted and isinstance(_number_or(wanted), float):
        return lambda value: _is_number(value) and value == float(wanted)
    wildcards = re.compile(".*".join(map(re.escape, wanted.split("*"))), re.DOTALL)
    return lambda value: wildcards.fullmatch(_text(value)) is not None


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _expression(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise InvalidFilterPattern from error
