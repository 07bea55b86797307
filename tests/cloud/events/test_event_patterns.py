"""Event patterns mean what AWS says they mean, and are refused in AWS's words."""

from __future__ import annotations

from typing import Any

import pytest

from workbook.cloud.events.conditions import InvalidEventPattern
from workbook.cloud.events.patterns import Pattern, matches

# "Comparison operators" in the EventBridge user guide: the expression, what holds, what does not.
EXPRESSIONS: list[tuple[Any, list[Any], list[Any]]] = [
    ("running", ["running"], ["Running", "runnin", None, ["stopped"]]),
    ("", [""], [None, " "]),
    (None, [None], ["", "null", 0, False]),
    (100, [100, 100.0], ["100", 101]),
    (1, [1], [True]),
    (True, [True], [1, "true", False]),
    ({"prefix": "us-"}, ["us-east-1", "us-"], ["eu-us-", "US-east-1", 7]),
    ({"prefix": ""}, ["anything", ""], [None, 3]),
    ({"prefix": {"equals-ignore-case": "EventB"}}, ["eventbridge", "EVENTBUS"], ["event"]),
    ({"suffix": ".png"}, ["a.png"], ["a.PNG", "a.png.txt"]),
    ({"suffix": {"equals-ignore-case": ".png"}}, ["a.PNG", "b.png"], ["png"]),
    ({"equals-ignore-case": "alice"}, ["Alice", "ALICE"], ["alic"]),
    ({"exactly": "x"}, ["x"], ["X"]),
    ({"anything-but": "initializing"}, ["running", 4, None, True], ["initializing"]),
    ({"anything-but": 123456}, [1, "123456"], [123456, 123456.0]),
    ({"anything-but": ["stopped", "overloaded"]}, ["running"], ["stopped", "overloaded"]),
    ({"anything-but": [100, 200]}, [300, "100"], [100, 200]),
    ({"anything-but": {"prefix": "init"}}, ["running", 1], ["initializing"]),
    ({"anything-but": {"prefix": ["a", "b"]}}, ["c"], ["ab", "ba"]),
    ({"anything-but": {"suffix": ".txt"}}, ["a.png"], ["a.txt"]),
    ({"anything-but": {"suffix": [".txt", ".rtf"]}}, ["a.png"], ["a.txt", "b.rtf"]),
    ({"anything-but": {"equals-ignore-case": "Initializing"}}, ["on"], ["INITIALIZING"]),
    ({"anything-but": {"equals-ignore-case": ["on", "off"]}}, ["no"], ["ON", "oFf"]),
    ({"anything-but": {"wildcard": "*/lib/*"}}, ["a/b"], ["a/lib/b"]),
    ({"anything-but": {"wildcard": ["*/lib/*", "*/bin/*"]}}, ["a"], ["/lib/", "/bin/"]),
    ({"numeric": ["<", 10]}, [9.99, -1], [10, "9"]),
    ({"numeric": ["<=", 10]}, [10], [10.01]),
    ({"numeric": ["=", 3.018e2]}, [301.8], [301, True]),
    ({"numeric": [">", 0]}, [1], [0, True]),
    ({"numeric": [">=", 0]}, [0, 0.0], [-1]),
    ({"numeric": [">", 0, "<=", 5]}, [5, 0.1], [0, 5.1]),
    ({"numeric": [">=", 0, "<", 5]}, [0, 4.9], [5]),
    ({"cidr": "10.0.0.0/24"}, ["10.0.0.255"], ["10.0.1.0", "host", 10]),
    ({"cidr": "10.0.0.9/24"}, ["10.0.0.1"], ["11.0.0.1"]),
    ({"cidr": "2001:db8::/32"}, ["2001:db8::1"], ["2001:db9::1", "10.0.0.1"]),
    ({"wildcard": "*.png"}, ["a.png", ".png"], ["a.jpg"]),
    ({"wildcard": "a/*/c"}, ["a/b/c", "a/b/b/c", "a/\n/c"], ["a/c"]),
    ({"wildcard": "a\\*b\\\\c"}, ["a*b\\c"], ["axb\\c"]),
    ({"exists": True}, ["", None, False, [1]], [{}, [], {"inner": 1}]),
    ({"exists": False}, [{}, [], {"inner": 1}], ["", None, [1]]),
]


@pytest.mark.parametrize(("expression", "holding", "failing"), EXPRESSIONS, ids=str)
def test_a_match_expression(expression: Any, holding: list[Any], failing: list[Any]) -> None:
    pattern = Pattern.parse({"detail": {"state": [expression]}})
    for value in holding:
        assert pattern.matches({"detail": {"state": value}}), value
    for value in failing:
        assert not pattern.matches({"detail": {"state": value}}), value


def test_every_field_must_hold_and_one_expression_of_each() -> None:
    pattern = {"source": ["shop", {"prefix": "store"}], "detail": {"kind": ["order"]}}
    assert matches(pattern, {"source": "store.eu", "detail": {"kind": "order", "more": 1}})
    assert not matches(pattern, {"source": "shop", "detail": {"kind": "return"}})
    assert not matches(pattern, {"source": "shop"})


def test_a_missing_field_matches_only_what_asks_for_its_absence() -> None:
    assert matches({"detail": {"error": {"code": [{"exists": False}]}}}, {"detail": {}})
    assert matches(
        {"detail": {"error": [{"exists": False}, "none"]}}, {"detail": {"error": "none"}}
    )
    assert not matches({"detail": {"error": [{"anything-but": "x"}]}}, {"detail": {}})
    assert not matches({"detail": {"error": [None]}}, {"detail": {}})


def test_an_array_holds_if_one_member_does() -> None:
    pattern = {"resources": [{"suffix": "/blue"}]}
    assert matches(pattern, {"resources": ["items/red", "items/blue"]})
    assert not matches(pattern, {"resources": ["items/red"]})
    assert matches({"a": [2]}, {"a": [[1], [2, 3]]})


def test_fields_named_together_come_from_one_member_of_an_array() -> None:
    pattern = {"detail": {"lines": {"item": ["mug"], "count": [{"numeric": [">", 1]}]}}}
    assert matches(
        pattern, {"detail": {"lines": [{"item": "cup", "count": 1}, {"item": "mug", "count": 2}]}}
    )
    assert not matches(
        pattern, {"detail": {"lines": [{"item": "mug", "count": 1}, {"item": "cup", "count": 2}]}}
    )


def test_or_takes_any_of_its_objects_and_the_fields_beside_it_still_count() -> None:
    pattern = {
        "source": ["shop"],
        "detail": {"$or": [{"total": [{"numeric": [">", 100]}]}, {"vip": [True]}], "paid": [True]},
    }
    assert matches(pattern, {"source": "shop", "detail": {"total": 200, "paid": True}})
    assert matches(pattern, {"source": "shop", "detail": {"vip": True, "paid": True}})
    assert not matches(pattern, {"source": "shop", "detail": {"vip": True, "paid": False}})
    assert not matches(pattern, {"source": "shop", "detail": {"total": 1, "paid": True}})


def test_an_or_within_an_or() -> None:
    pattern = {"$or": [{"a": [1]}, {"b": {"$or": [{"c": [2]}, {"d": [3]}]}}]}
    assert matches(pattern, {"b": {"d": 3}})
    assert not matches(pattern, {"b": {"d": 4}})


def test_a_field_that_happens_to_be_called_or() -> None:
    assert matches({"$or": ["x"]}, {"$or": "x"})


REFUSED: list[tuple[Any, str]] = [
    ("[]", "Filter is not an object"),
    ("{", "Invalid JSON"),
    ({}, "Empty objects are not allowed"),
    ({"detail": {}}, "Empty objects are not allowed"),
    ({"source": []}, "Empty arrays are not allowed"),
    ({"source": "shop"}, '"source" must be an object or an array'),
    ({"source": None}, '"source" must be an object or an array'),
    ({"source": [["shop"]]}, "Match value must be String, number, true, false, or null"),
    ({"source": [{}]}, "Match expression name not found"),
    ({"source": [{"starts": "x"}]}, "Unrecognized match type starts"),
    ({"source": [{"prefix": 1}]}, "prefix match pattern must be a string"),
    ({"source": [{"prefix": "a", "suffix": "b"}]}, "Only one key allowed in match expression"),
    ({"source": [{"prefix": {"wildcard": "a"}}]}, "Unsupported prefix pattern: wildcard"),
    ({"source": [{"suffix": {"equals-ignore-case": 1}}]}, "equals-ignore-case match pattern must"),
    ({"source": [{"suffix": None}]}, "suffix match pattern must be a string"),
    ({"source": [{"wildcard": 1}]}, "wildcard match pattern must be a string"),
    ({"source": [{"wildcard": "a**b"}]}, "Consecutive wildcard characters at pos 2"),
    ({"source": [{"wildcard": "a\\b"}]}, "Invalid escape character at pos 2"),
    ({"source": [{"exists": "yes"}]}, "exists match pattern must be either true or false."),
    ({"a": [{"numeric": 1}]}, "Value of numeric must be an array."),
    ({"a": [{"numeric": []}]}, "Invalid member in numeric match: ]"),
    ({"a": [{"numeric": ["!=", 1]}]}, "Unrecognized numeric range operator: !="),
    ({"a": [{"numeric": ["=", "1"]}]}, "Value of equals must be numeric"),
    ({"a": [{"numeric": [">", "1"]}]}, "Value of > must be numeric"),
    ({"a": [{"numeric": ["<", 1, ">", 0]}]}, "Too many elements in numeric expression"),
    ({"a": [{"numeric": [">", 1, ">", 2]}]}, "Bad numeric range operator: >"),
    ({"a": [{"numeric": [">", 2, "<", 1]}]}, "Bottom must be less than top"),
    ({"a": [{"numeric": [">", 1, "<", 2, 3]}]}, "Too many terms in numeric range expression"),
    ({"a": [{"anything-but": True}]}, "Value of anything-but must be an array or single"),
    ({"a": [{"anything-but": []}]}, "either all values are number or string"),
    ({"a": [{"anything-but": [1, "x"]}]}, "either all values are number or string"),
    ({"a": [{"anything-but": [None]}]}, "start|null|boolean is not supported."),
    ({"a": [{"anything-but": {"prefix": ""}}]}, "Null prefix/suffix not allowed"),
    ({"a": [{"anything-but": {"numeric": ["=", 1]}}]}, "Unsupported anything-but pattern: numeric"),
    ({"a": [{"cidr": "10.0.0.0"}]}, "Malformed CIDR, one '/' required"),
    ({"a": [{"cidr": "10.0.0.0/x"}]}, "Malformed CIDR, mask bits must be an integer"),
    ({"a": [{"cidr": "10.0.0.0/32"}]}, "IPv4 mask bits must be < 32"),
    ({"a": [{"cidr": "host/8"}]}, "Nonstandard IP address: host"),
    ({"$or": [{"a": [1]}, {"$or": [{"b": [1]}]}]}, "at least 2 Objects in $or relationship"),
    ({"$or": [{"a": {"prefix": ["x"]}}, {"b": [1]}]}, "prefix is Ruler reserved fieldName"),
    ({"a": [1], "$or": [{"a": [1]}, {"b": [1]}]}, "Path `a` cannot be allowed multiple times"),
]


@pytest.mark.parametrize(("pattern", "reason"), REFUSED, ids=str)
def test_a_pattern_aws_refuses(pattern: Any, reason: str) -> None:
    with pytest.raises(InvalidEventPattern) as refused:
        Pattern.parse(pattern)
    assert str(refused.value).startswith("Event pattern is not valid. Reason: ")
    assert reason in str(refused.value)
