"""Versions and aliases of functions: what Lambda says of them."""

from __future__ import annotations

from typing import Any

from .case import Case, Clients, Look
from .functions import configured, function

VERSION = "AWS::Lambda::Version"
ALIAS = "AWS::Lambda::Alias"

ALIASED = {"FunctionName": "case-seller", "FunctionVersion": "$LATEST", "Name": "live"}
TWO = {"Seller": function("case-seller"), "Buyer": function("case-buyer")}
VERSIONED = {
    **TWO,
    "One": {"Type": VERSION, "Properties": {"FunctionName": {"Ref": "Seller"}}},
}


def alias(name: str) -> Look:
    def look(aws: Clients, it: str) -> Any:
        _, _, _, _, _, _, of, called = it.split(":")
        return aws("lambda").get_alias(FunctionName=of, Name=called).get(name)

    return look


CASES = [
    Case(
        VERSION,
        "FunctionName",
        {"Ref": "Seller"},
        {"Ref": "Buyer"},
        configured("FunctionName"),
        ("case-seller", "case-buyer"),
        beside=TWO,
    ),
    Case(
        VERSION,
        "Description",
        "first",
        "first",
        configured("Description"),
        base={"FunctionName": {"Ref": "Seller"}},
        beside=TWO,
    ),
    Case(
        ALIAS,
        "FunctionName",
        {"Ref": "Seller"},
        {"Ref": "Buyer"},
        lambda aws, it: it.split(":")[6],
        ("case-seller", "case-buyer"),
        ALIASED,
        TWO,
    ),
    Case(
        ALIAS,
        "FunctionVersion",
        "$LATEST",
        {"Fn::GetAtt": ["One", "Version"]},
        alias("FunctionVersion"),
        ("$LATEST", "1"),
        {**ALIASED, "FunctionName": {"Ref": "Seller"}},
        VERSIONED,
    ),
    Case(
        ALIAS,
        "Name",
        "live",
        "next",
        lambda aws, it: it.split(":")[7],
        base={**ALIASED, "FunctionName": {"Ref": "Seller"}},
        beside=TWO,
    ),
    Case(
        ALIAS,
        "Description",
        "for shoppers",
        None,
        alias("Description"),
        ("for shoppers", ""),
        {**ALIASED, "FunctionName": {"Ref": "Seller"}},
        TWO,
    ),
]
