"""Posting to WebSocket connections is allowed by API, stage and method, as Chalice's policy has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from acting import Clients
from botocore.exceptions import ClientError
from policy_texts import allow, arn

from workbook.cloud import LocalCloud


def test_what_a_role_may_do_to_connections(
    strict: LocalCloud, under: Callable[..., Clients]
) -> None:
    connection: dict[str, Any] = {"ConnectionId": "AAAAAAAAAAAAAAA="}
    posting = allow("execute-api:ManageConnections", arn("execute-api", "abc123/live/POST/*"))
    client = under(posting)(
        "apigatewaymanagementapi", endpoint_url=f"{strict.endpoint}/_aws/execute-api/abc123/live"
    )
    with pytest.raises(client.exceptions.ForbiddenException):  # allowed; there is no such stage
        client.post_to_connection(Data=b"x", **connection)
    with pytest.raises(ClientError) as refused:
        client.delete_connection(**connection)
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
    assert "execute-api:ManageConnections" in refused.value.response["Error"]["Message"]
