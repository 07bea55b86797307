"""What moto keeps that judging a request takes: roles, users, sessions, names of resources.

Implements `iam.roles.Directory` and `iam.actions.Names` over moto. It reads, anew for every
request, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbook.cloud import lambda_state
from workbook.cloud.events.targets import Arn
from workbook.cloud.iam import Identity, Session
from workbook.cloud.lambda_state import ACCOUNT


class MotoDirectory:
    """Roles, users and sessions."""

    def session(self, access_key: str) -> Session | None:
        """The session that an access key was given out for."""
        from moto.sts.models import sts_backends  # slow to import

        for account in list(sts_backends.values()):
            found = account["aws"].get_assumed_role_from_access_key(access_key)
            if found is not None:
                began = found.access_key.create_date.timestamp()
                return Session(found.role_arn, found.session_name, found.policy or None, began)
        return None

    def user(self, access_key: str) -> Identity | None:
        """The user who has an access key."""
        iam = _iam()
        for user in list(iam.users.values()):
            for key in list(user.access_keys):
                if key.access_key_id == access_key:
                    groups = iam.get_groups_for_user(user.name)
                    policies = [each for entity in (user, *groups) for each in _policies(entity)]
                    active = key.status == "Active"
                    return Identity(user.arn, user.id, policies, active=active)
        return None

    def role(self, arn: str) -> Identity | None:
        """A role by its ARN."""
        iam = _iam()
        role = iam.roles.get(next((r.id for r in list(iam.roles.values()) if r.arn == arn), None))
        if role is None:
            return None
        boundary = iam.managed_policies.get(role.permissions_boundary_arn)
        bounds = None if boundary is None else _managed(boundary)
        made = role.create_date.timestamp()
        return Identity(role.arn, role.id, list(_policies(role)), bounds, made=made)


class MotoNames:
    """Names of resources."""

    def partition_key(self, table_arn: str, index: str | None) -> str | None:
        """The name of a table's or an index's partition key."""
        from moto.dynamodb.models import dynamodb_backends  # slow to import

        arn = Arn.parse(table_arn)
        table = dynamodb_backends[arn.account][arn.region].tables.get(arn.resource.split("/")[1])
        if table is None:
            return None
        indexes = {each.name: each.schema for each in (*table.indexes, *table.global_indexes)}
        schema = table.schema if index is None else indexes.get(index, ())
        return next((key["AttributeName"] for key in schema if key["KeyType"] == "HASH"), None)

    def object_exists(self, bucket: str, key: str) -> bool:
        """Whether there is an object; True as well when there is no such bucket."""
        from moto.s3.models import s3_backends  # slow to import

        backend = s3_backends[ACCOUNT]["aws"]
        return bucket not in backend.buckets or backend.get_object(bucket, key) is not None

    def secret_arn(self, region: str, secret_id: str) -> str | None:
        """A secret's ARN by its name or a part of its ARN."""
        from moto.secretsmanager.models import secretsmanager_backends  # slow to import

        secret = secretsmanager_backends[ACCOUNT][region].secrets.get(secret_id)
        return None if secret is None else str(secret.arn)

    def execution_role(self, function_arn: str) -> str | None:
        """The ARN of a function's role."""
        try:
            return str(lambda_state.find(function_arn).role)
        except lambda_state.UnknownFunction:
            return None

    def iam_arn(self, kind: str, name: str) -> str | None:
        """The ARN of a role or a user by its name."""
        iam = _iam()
        entities = {"role": iam.roles, "user": iam.users}.get(kind, {})
        return next((each.arn for each in list(entities.values()) if each.name == name), None)


def _iam() -> Any:
    from moto.iam.models import iam_backends  # slow to import

    return iam_backends[ACCOUNT]["aws"]


def _policies(entity: Any) -> Iterator[tuple[str, str]]:
    """Names and JSON of inline and attached policies."""
    yield from list(entity.policies.items())
    for policy in list(entity.managed_policies.values()):
        yield _managed(policy)


def _managed(policy: Any) -> tuple[str, str]:
    versions = {version.version_id: version.document for version in policy.versions}
    return policy.arn, versions[policy.default_version_id]
