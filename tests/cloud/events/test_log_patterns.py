"""Which log events a filter pattern asks for; the examples are those of AWS's page."""

from __future__ import annotations

import json

import pytest

from workbook.cloud.events.log_patterns import InvalidFilterPattern, parse_filter_pattern

BAD_REQUEST = "[ERROR 400] BAD REQUEST"
UNAUTHORIZED = "[ERROR 401] UNAUTHORIZED REQUEST"
MISSING = "[ERROR 419] MISSING ARGUMENTS"
WARNED = "[WARN 420] ENHANCE YOUR CALM"
LINES = [BAD_REQUEST, UNAUTHORIZED, MISSING, WARNED]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("", LINES),
        ("ERROR", LINES[:3]),
        ("error", []),
        ("ERROR ARGUMENTS", [MISSING]),
        ('"BAD REQUEST"', [BAD_REQUEST]),
        ("?BAD ?WARN", [BAD_REQUEST, WARNED]),
        ("ERROR -REQUEST", [MISSING]),
        ('-"ERROR 4"', [WARNED]),
        ("?WARN ERROR", LINES[:3]),
        (r"%4[01]\d%", [BAD_REQUEST, UNAUTHORIZED, MISSING]),
    ],
)
def test_terms(pattern: str, found: list[str]) -> None:
    matches = parse_filter_pattern(pattern)
    assert [line for line in LINES if matches(line)] == found


EVENT = {
    "eventType": "UpdateTrail",
    "sourceIPAddress": "111.111.111.111",
    "arrayKey": ["value", "another value"],
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
    "SomeObject": None,
    "ThisFlag": True,
    "bandwidth": 75.5,
    "status": 404,
    "user": {"id": "ada", "first name": "Ada"},
}


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ('{ $.eventType = "UpdateTrail" }', True),
        ("{ $.eventType = UpdateTrail }", True),
        ("{$.eventType=UpdateTrail}", True),
        ('{ $.eventType = "Update*" }', True),
        ('{ $.eventType != "UpdateTrail" }', False),
        ('{ $.sourceIPAddress != "123.123.*" }', True),
        ('{ $.arrayKey[0] = "value" }', True),
        ('{ $.arrayKey[1] = "value" }', False),
        ('{ $.arrayKey[*] = "another value" }', True),
        ("{ $.objectList[1].id = 2 }", True),
        ("{ $.SomeObject IS NULL }", True),
        ("{ $.eventType IS NULL }", False),
        ("{ $.SomeOtherObject NOT EXISTS }", True),
        ("{ $.eventType NOT EXISTS }", False),
        ("{ $.ThisFlag IS TRUE }", True),
        ("{ $.ThisFlag IS FALSE }", False),
        ("{ $.bandwidth > 75 }", True),
        ("{ $.bandwidth <= 75 }", False),
        ("{ $.status = 404 }", True),
        ("{ $.status = 4* }", True),
        ("{ $.eventType > 1 }", False),
        ('{ $.user.id = ada && $.user["first name"] = "Ada" }', True),
        ("{ $.user.id = eve || $.status >= 400 }", True),
        ("{ $.user.id = eve && ($.status = 404 || $.status = 500) }", False),
        ("{ ($.user.id = eve && $.status = 1) || $.status = 404 }", True),
        (r"{ $.sourceIPAddress = %^111\.% }", True),
        ("{ $.missing = 1 }", False),
    ],
)
def test_json(pattern: str, holds: bool) -> None:
    matches = parse_filter_pattern(pattern)
    assert matches(json.dumps(EVENT)) is holds
    assert not matches("no JSON")


LINE = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ("[ip, id, user, timestamp, request, status_code, size]", True),
        ("[ip, id, user, timestamp, request, status_code]", False),
        ("[ip, id, user, timestamp, request =*.html*, status_code = 4*, size]", True),
        ("[ip, id, user, timestamp, request, status_code = 5*, size]", False),
        ("[..., status_code, size > 1000]", True),
        ("[..., size < 1000]", False),
        ("[ip = 127.*, ...]", True),
        ("[ip, ..., request=%GET%, status_code, size]", True),
        ("[ip, id, user != frank, ...]", False),
        ("[..., status_code = 404 || status_code = 410, size]", True),
    ],
)
def test_fields_between_spaces(pattern: str, holds: bool) -> None:
    assert parse_filter_pattern(pattern)(LINE) is holds


@pytest.mark.parametrize(
    "pattern",
    [
        '"open',
        "{ }",
        "{ $.a = 1",
        "{ $.a }",
        "{ a = 1 }",
        "{ $.a > x }",
        "{ $.a = 1 && }",
        "{ ($.a = 1 }",
        "{ $.a IS MAYBE }",
        "[]",
        "[a, ..., b, ...]",
        "%(%",
    ],
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidFilterPattern, match="^Invalid filter pattern$"):
        parse_filter_pattern(pattern)
