"""CloudFormation as the cloud composes it: stacks/, made when it is first called.

Most clouds never see a stack, and its engine takes a while to import. Until the first call there
are no stacks, nothing is under way, and nobody needs to wait for any.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.loaders import Loader
from moto.core.utils import get_service_model
from moto.moto_api._internal import mock_random

from workbook.cloud.firewall import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, SESSION_TOKEN
from workbook.cloud.lambda_state import ACCOUNT

if TYPE_CHECKING:
    from workbook.cloud.stacks import Stacks


class CloudFormation:
    """What the front door and the handle ask of stacks.

    Args:
        endpoint: the cloud's own, where stacks make their resources.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._making = threading.Lock()
        self._stacks: Stacks | None = None

    def handle(self, environ: Mapping[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
        """Answer a call: status, headers, body."""
        with self._making:
            if self._stacks is None:
                self._stacks = self._make()
        return self._stacks.handle(environ)

    def in_flight(self) -> int:
        """Operations on stacks that are under way."""
        return 0 if self._stacks is None else self._stacks.in_flight()

    def wait_until_quiet(self, timeout: float) -> bool:
        """Whether no operation was under way at some moment within `timeout` seconds."""
        return self._stacks is None or self._stacks.wait_until_quiet(timeout)

    def names(self) -> Iterable[str]:
        """Stacks that exist."""
        return () if self._stacks is None else self._stacks.names()

    def made_names(self) -> Mapping[str, str]:
        """What templates call the resources of stacks, by the names that were made up for them."""
        return {} if self._stacks is None else self._stacks.made_names()

    def _make(self) -> Stacks:
        from workbook.cloud.stacks import Stacks  # slow to import

        clients = _clients(self._endpoint)
        return Stacks(clients, region=REGION, account=ACCOUNT, ids=mock_random.uuid4)


def _clients(endpoint: str) -> Callable[[str], Any]:
    """Makes the clients by which stacks call the other services, each once."""
    import boto3  # moto has imported it already

    session = boto3.session.Session(
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
        aws_session_token=SESSION_TOKEN,
        region_name=REGION,
    )
    session._session.register_component("data_loader", _ModelsOfMoto())
    making = threading.Lock()
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        with making:  # making clients is not safe in threads, using them is
            if service not in made:
                made[service] = session.client(service, endpoint_url=endpoint)
            return made[service]

    return client


class _ModelsOfMoto(Loader):
    """Descriptions of services, each of them once: moto holds those of all that it answers for.

    Clients with descriptions of their own cost the server some seventeen megabytes.
    """

    def load_service_model(
        self, service_name: str, type_name: str, api_version: str | None = None
    ) -> Any:
        if type_name != "service-2":
            return super().load_service_model(service_name, type_name, api_version)
        return get_service_model(service_name)._service_description
