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


def provisioned(qualifier: str) -> Look:
    """How many environments are ready, of the version or alias; None where it has none."""

    def look(aws: Clients, it: str) -> Any:
        client = aws("lambda")
        try:
            found = client.get_provisioned_concurrency_config(
                FunctionName="case-seller", Qualifier=qualifier
            )
        except client.exceptions.ProvisionedConcurrencyConfigNotFoundException:
            return None
        return found["AllocatedProvisionedConcurrentExecutions"]

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
    Case(
        ALIAS,
        "ProvisionedConcurrencyConfig",
        {"ProvisionedConcurrentExecutions": 1},
        None,
        provisioned("live"),
        (1, None),
        base={
            **ALIASED,
            "FunctionName": {"Ref": "Seller"},
            "FunctionVersion": {"Fn::GetAtt": ["One", "Version"]},
        },
        beside=VERSIONED,
    ),
    Case(
        VERSION,
        "ProvisionedConcurrencyConfig",
        {"ProvisionedConcurrentExecutions": 1},
        {"ProvisionedConcurrentExecutions": 1},
        provisioned("1"),
        (1, 1),
        {"FunctionName": {"Ref": "Seller"}},
        TWO,
    ),
]
