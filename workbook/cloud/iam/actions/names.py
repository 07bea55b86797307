"""What a request does not say of the resources it names, and a decision needs to know."""

from __future__ import annotations

from typing import Protocol


class Names(Protocol):
    """Looked up where the resources are kept."""

    def partition_key(self, table_arn: str, index: str | None) -> str | None:
        """The name of a table's or an index's partition key; None when there is no such table."""

    def object_exists(self, bucket: str, key: str) -> bool:
        """Whether there is an object; True as well when there is no such bucket."""

    def secret_arn(self, region: str, secret_id: str) -> str | None:
        """The whole ARN, random ending and all, of a secret by its name or a part of its ARN."""

    def execution_role(self, function_arn: str) -> str | None:
        """The ARN of a function's role; None when there is no such function."""

    def iam_arn(self, kind: str, name: str) -> str | None:
        """The ARN, path and all, of a "role" or a "user"."""
