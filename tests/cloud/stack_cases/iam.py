"""Roles."""

from __future__ import annotations

import json
from typing import Any

from .case import Case, Clients, Look, Tags, physical
from .given import OTHER_TAGS, POLICY, TAGGED, TAGS

ROLE = "AWS::IAM::Role"

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
OTHER_TRUST = json.loads(json.dumps(TRUST).replace("lambda", "events"))
TRUSTED = {"AssumeRolePolicyDocument": TRUST}
SELLER = {"Seller": {"Type": ROLE, "Properties": {**TRUSTED, "RoleName": "seller"}}}
BUYER = {"Buyer": {"Type": ROLE, "Properties": {**TRUSTED, "RoleName": "buyer"}}}
READS = "arn:aws:iam::123456789012:policy/reads"
WRITES = "arn:aws:iam::123456789012:policy/writes"
WITH_ROLE = {**SELLER, **BUYER}


def role(name: str) -> Look:
    return lambda aws, it: aws("iam").get_role(RoleName=it)["Role"].get(name)


def attached(aws: Clients, it: str) -> Any:
    found = aws("iam").list_attached_role_policies(RoleName=it)["AttachedPolicies"]
    return [each["PolicyArn"] for each in found]


def boundary(aws: Clients, it: str) -> Any:
    return (role("PermissionsBoundary")(aws, it) or {}).get("PermissionsBoundaryArn")


CASES = [
    Case(ROLE, "RoleName", "a", "b", physical, base=TRUSTED),
    Case(ROLE, "AssumeRolePolicyDocument", TRUST, OTHER_TRUST, role("AssumeRolePolicyDocument")),
    Case(ROLE, "Description", "a", "b", role("Description"), base=TRUSTED),
    Case(ROLE, "ManagedPolicyArns", [READS], [WRITES], attached, base=TRUSTED),
    Case(ROLE, "MaxSessionDuration", 7200, None, role("MaxSessionDuration"), (7200, 3600), TRUSTED),
    Case(ROLE, "Path", "/a/", "/b/", role("Path"), base=TRUSTED),
    Case(ROLE, "PermissionsBoundary", READS, None, boundary, base=TRUSTED),
    Case(
        ROLE,
        "Policies",
        [{"PolicyName": "a", "PolicyDocument": POLICY}],
        [{"PolicyName": "b", "PolicyDocument": POLICY}],
        lambda aws, it: aws("iam").list_role_policies(RoleName=it)["PolicyNames"],
        (["a"], ["b"]),
        TRUSTED,
    ),
    Case(
        ROLE,
        "Tags",
        TAGS,
        OTHER_TAGS,
        lambda aws, it: Tags(role("Tags")(aws, it)),
        TAGGED,
        TRUSTED,
    ),
]
