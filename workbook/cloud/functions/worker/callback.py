"""Clients that post to WebSocket connections reach the cloud, whatever address they are given.

An app makes its client of `apigatewaymanagementapi` with an address of its own, as AWS's
documentation says to: https://API.execute-api.REGION.amazonaws.com/STAGE (Chalice builds it from
the API's id), or https:// and the event's domainName. Neither leads anywhere here, and an address
that is given goes before AWS_ENDPOINT_URL. So botocore gets the same API's address on this cloud
instead. No other client is touched.
"""

from __future__ import annotations

import os
import re

from .imports import after_import

TYPE_CHECKING = False  # typing itself would cost a part of the start
if TYPE_CHECKING:
    from typing import Any

SERVICE = "apigatewaymanagementapi"
ADDRESS = re.compile(r"https?://([^./]+)\.execute-api\.[^/]+/([^/]+)/?")


def post_to_this_cloud() -> None:
    """From now on, have clients of WebSocket connections call the cloud."""
    after_import("botocore.session", _set_up)


def _set_up(module: Any) -> None:
    create_client = module.Session.create_client

    def create(self: Any, service_name: str, *args: Any, **kwargs: Any) -> Any:
        if service_name == SERVICE and kwargs.get("endpoint_url"):
            kwargs["endpoint_url"] = here(kwargs["endpoint_url"])
        return create_client(self, service_name, *args, **kwargs)

    module.Session.create_client = create


def here(address: str) -> str:
    """The address on this cloud of an API's stage; any other address as it is."""
    found = ADDRESS.fullmatch(address)
    if found is None:
        return address
    return "/".join((os.environ["AWS_ENDPOINT_URL"], "_aws/execute-api", *found.groups()))
