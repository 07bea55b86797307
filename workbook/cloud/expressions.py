"""DynamoDB's expressions: those that AWS refuses are refused, in its words.

moto fails on many of them, which a client would try again ten times, and takes some that AWS does
not: a reserved word in a key condition, a value that no expression uses. Pages "Condition and
filter expressions, operators, and functions" and "Expression attribute names". The syntax of
update expressions is moto's to judge; here only the names and values in them are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, NoReturn

from workbook.cloud.answer import Answer, service_error
from workbook.cloud.calls import AwsCall

_TOKEN = re.compile(r"\s*(#\w*|:\w*|\w+|<=|>=|<>|\S)")
_WORD = re.compile(r"\w+")
_PLACEHOLDER = re.compile(r"#\w+|:\w+")
_COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")
_FUNCTIONS = {  # and how many operands each takes
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
}
_KEYWORDS = ("AND", "OR", "NOT", "BETWEEN", "IN")
_CONDITIONS = ("ConditionExpression", "FilterExpression", "KeyConditionExpression")
_EXPRESSIONS = (*_CONDITIONS, "ProjectionExpression", "UpdateExpression")
_ATTRIBUTES = ("ExpressionAttributeNames", "ExpressionAttributeValues")
_END = "<EOF>"


class InvalidExpression(Exception):
    """DynamoDB's ValidationException; the message is AWS's."""


@dataclass
class _Used:
    """What an expression refers to."""

    names: list[str] = field(default_factory=list)  # spelled out
    placeholders: list[str] = field(default_factory=list)  # #name and :value


def refused(call: AwsCall, parameters: Mapping[str, Any]) -> Answer | None:
    """The answer to a call whose expressions DynamoDB would not take; None to any other call.

    Args:
        parameters: the call's body.
    """
    if call.service != "dynamodb":
        return None
    try:
        for asked in _parts(call.operation, parameters):
            if any(name in asked for name in (*_EXPRESSIONS, *_ATTRIBUTES)):
                _check(asked)
    except InvalidExpression as invalid:
        told = ("ValidationException", str(invalid), 400)
        return service_error(*told, service=call.service, form=False)
    return None


def _parts(operation: str, parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Where in a body expressions may stand, with the names and values that they share."""
    if operation == "BatchGetItem":
        found = parameters.get("RequestItems")
        parts = list(found.values()) if isinstance(found, Mapping) else []
    elif operation.startswith("Transact"):
        items = parameters.get("TransactItems")
        items = items if isinstance(items, list) else []
        parts = [each for item in items if isinstance(item, Mapping) for each in item.values()]
    else:
        parts = [parameters]
    yield from (each for each in parts if isinstance(each, Mapping))


def _check(asked: Mapping[str, Any]) -> None:
    given = {name: asked[name] for name in _EXPRESSIONS if isinstance(asked.get(name), str)}
    names, values = (_mapping(asked.get(name)) for name in _ATTRIBUTES)
    used: set[str] = set()
    for kind, text in given.items():
        refers = _read(kind, text)
        for name in refers.names:
            if _reserved(name):
                told = "Attribute name is a reserved keyword; reserved keyword:"
                raise InvalidExpression(f"Invalid {kind}: {told} {name}")
        for placeholder in refers.placeholders:
            _check_defined(kind, placeholder, names if placeholder[0] == "#" else values)
        used.update(refers.placeholders)
    for attributes, defined in zip(_ATTRIBUTES, (names, values), strict=True):
        if defined and not given:
            raise InvalidExpression(f"{attributes} can only be specified when using expressions")
        if unused := [name for name in defined if name not in used]:
            keys = "{" + ", ".join(unused) + "}"
            raise InvalidExpression(
                f"Value provided in {attributes} unused in expressions: keys: {keys}"
            )


def _mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _check_defined(kind: str, placeholder: str, defined: Mapping[str, Any]) -> None:
    if placeholder in defined:
        return
    if placeholder[0] == "#":
        told = "name used in the document path is not defined; attribute name"
    else:
        told = "value used in expression is not defined; attribute value"
    raise InvalidExpression(f"Invalid {kind}: An expression attribute {told}: {placeholder}")


def _reserved(name: str) -> bool:
    return name.upper() in _reserved_words()


@cache
def _reserved_words() -> frozenset[str]:
    from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords  # slow to read

    return frozenset(ReservedKeywords.get_reserved_keywords())


@lru_cache(maxsize=1_000)
def _read(kind: str, text: str) -> _Used:
    if not text.strip():
        raise InvalidExpression(f"Invalid {kind}: The expression can not be empty;")
    if kind == "UpdateExpression":
        return _Used(placeholders=_PLACEHOLDER.findall(text))
    reader = _Reader(kind, text)
    if kind == "ProjectionExpression":
        reader.list_of(reader.path)
    else:
        reader.condition()
    if reader.token != _END:
        reader.fail()
    return reader.used


class _Reader:
    """Reads one expression from its beginning; AND before OR, as nobody here cares for the tree."""

    def __init__(self, kind: str, text: str) -> None:
        self._kind = kind
        self._text = text
        self._tokens = list(_TOKEN.finditer(text))
        self._at = 0
        self.used = _Used()

    @property
    def token(self) -> str:
        """The next token."""
        return self._tokens[self._at][1] if self._at < len(self._tokens) else _END

    def condition(self) -> None:
        """condition ::= term ((AND | OR) term)*"""
        self._term()
        while self.token.upper() in ("AND", "OR"):
            self._at += 1
            self._term()

    def list_of(self, read: Any) -> None:
        """One or more, with commas between."""
        read()
        while self.token == ",":
            self._at += 1
            read()

    def path(self) -> None:
        """A name, perhaps with .name and [number] after it."""
        self._name()
        while self.token in (".", "["):
            self._at += 1
            if self._tokens[self._at - 1][1] == ".":
                self._name()
                continue
            if not self.token.isdigit():
                self.fail()
            self._at += 1
            self._take("]")

    def fail(self) -> NoReturn:
        """Raise AWS's error about the next token."""
        around = self._tokens[max(self._at - 1, 0) : self._at + 2]
        near = self._text[around[0].start(1) : around[-1].end(1)] if around else ""
        raise InvalidExpression(
            f'Invalid {self._kind}: Syntax error; token: "{self.token}", near: "{near}"'
        )

    def _term(self) -> None:
        if self.token.upper() == "NOT":
            self._at += 1
            self._term()
        elif self.token == "(":
            self._at += 1
            self.condition()
            self._take(")")
        elif self._calls() and self.token != "size":
            self._function()
        else:
            self._operand()
            self._compared()

    def _compared(self) -> None:
        word = self.token.upper()
        if word == "BETWEEN":
            self._at += 1
            self._operand()
            if self.token.upper() != "AND":
                self.fail()
            self._at += 1
            self._operand()
        elif word == "IN":
            self._at += 1
            self._take("(")
            self.list_of(self._operand)
            self._take(")")
        elif word in _COMPARATORS:
            self._at += 1
            self._operand()
        else:
            self.fail()

    def _function(self) -> None:
        name, operands = self.token, 0

        def operand() -> None:
            nonlocal operands
            operands += 1
            self._operand()

        if name not in _FUNCTIONS:
            raise InvalidExpression(
                f"Invalid {self._kind}: Invalid function name; function: {name}"
            )
        self._at += 1
        self._take("(")
        self.list_of(operand)
        self._take(")")
        if operands != _FUNCTIONS[name]:
            raise InvalidExpression(
                f"Invalid {self._kind}: Incorrect number of operands for operator or function; "
                f"operator or function: {name}, number of operands: {operands}"
            )

    def _operand(self) -> None:
        if self.token.startswith(":") and _PLACEHOLDER.fullmatch(self.token):
            self.used.placeholders.append(self.token)
            self._at += 1
        elif self.token == "size" and self._calls():
            self._at += 1
            self._take("(")
            self._operand()
            self._take(")")
        else:
            self.path()

    def _name(self) -> None:
        token = self.token
        if token.startswith("#") and _PLACEHOLDER.fullmatch(token):
            self.used.placeholders.append(token)
        elif _WORD.fullmatch(token) and not token[0].isdigit() and token.upper() not in _KEYWORDS:
            self.used.names.append(token)
        else:
            self.fail()
        self._at += 1

    def _calls(self) -> bool:
        following = self._tokens[self._at + 1 : self._at + 2]
        return bool(following and following[0][1] == "(" and _WORD.fullmatch(self.token))

    def _take(self, token: str) -> None:
        if self.token != token:
            self.fail()
        self._at += 1
