"""The credential firewall: while a cloud runs, no real credential is seen and no call gets out.

It stands in the process that started the cloud (the notebook's kernel) and so in its children:
boto3, the AWS CLI and chalice find dummy keys and the local endpoint, whatever the person's own
environment and files say. `stop` puts the environment back. Functions have their own environment,
made by functions/, from `outside_aws()`.
"""

from __future__ import annotations

import ipaddress
import os
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from workbook.errors import CloudError

REGION = "us-east-1"
ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"  # the keys AWS's own documentation prints
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SESSION_TOKEN = "local-cloud"
LOOPBACK = ("127.0.0.1", "localhost", ".localhost", "::1")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "FTP_PROXY")
NO_PROXY = ("NO_PROXY", "no_proxy")
OTHER_CREDENTIALS = ("BOTO_CONFIG",)  # boto 2's file, which botocore still reads


def client_environment(endpoint: str) -> dict[str, str]:
    """The variables that point any AWS client at `endpoint` and at nothing else."""
    return {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_SESSION_TOKEN": SESSION_TOKEN,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "BOTO_CONFIG": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def outside_aws(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` without anything that names an AWS account, endpoint, profile or proxy.

    All of AWS_* goes, not a list of names: AWS adds variables (AWS_BEARER_TOKEN_BEDROCK,
    AWS_LOGIN_CACHE_DIRECTORY) faster than a list could follow.
    """
    return {name: value for name, value in environment.items() if not _forbidden(name)}


def shell_lines(endpoint: str) -> str:
    """The same for a shell: what its own variables say of AWS goes, and proxies are passed by.

    AWS_PROFILE stands first because `unset` of nothing is an error in zsh.
    """
    loopback = ",".join(LOOPBACK)
    exported = client_environment(endpoint)
    where = ("AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION")
    keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    files = tuple(name for name in exported if name not in (*where, *keys))
    return "\n".join(
        (
            r"unset AWS_PROFILE $(env | sed -n 's/^\(AWS_[A-Za-z0-9_]*\)=.*/\1/p')",
            *(
                "export " + " ".join(f"{name}={exported[name]}" for name in names)
                for names in (where, keys, files)
            ),
            "export " + " ".join(f'{name}="{loopback}${{{name}:+,${name}}}"' for name in NO_PROXY),
        )
    )


class Firewall:
    """Stands from `start` to `stop`; several may stand, and the one started last decides.

    Args:
        endpoint: the cloud's URL.
    """

    _standing: ClassVar[list[Firewall]] = []
    _before: ClassVar[dict[str, str]] = {}
    _lock = threading.Lock()

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def start(self) -> None:
        """Replace what this process's AWS clients would see."""
        with Firewall._lock:
            if not Firewall._standing:
                Firewall._before = _watched(os.environ)
                _guard_this_process()
            Firewall._standing.append(self)
            _put_in_place(client_environment(self.endpoint))

    def stop(self) -> None:
        """Put back what was there before; does nothing the second time."""
        with Firewall._lock:
            if self not in Firewall._standing:
                return
            Firewall._standing.remove(self)
            if Firewall._standing:
                _put_in_place(client_environment(Firewall._standing[-1].endpoint))
            else:
                _replace_watched(Firewall._before)
                _unguard_this_process()
            _drop_default_session()


def _put_in_place(ours: dict[str, str]) -> None:
    reach_directly = {
        name: ",".join(filter(None, [Firewall._before.get(name), *LOOPBACK])) for name in NO_PROXY
    }
    proxies = {n: v for n, v in Firewall._before.items() if n.upper() in PROXIES}
    _replace_watched({**proxies, **reach_directly, **ours})
    _drop_default_session()


def _watched(environment: Mapping[str, str]) -> dict[str, str]:
    return {n: v for n, v in environment.items() if _forbidden(n) or n in NO_PROXY}


def _replace_watched(values: Mapping[str, str]) -> None:
    for name in _watched(os.environ).keys() - values.keys():
        del os.environ[name]
    os.environ.update(values)


def _forbidden(name: str) -> bool:
    return name.startswith("AWS_") or name in OTHER_CREDENTIALS or name.upper() in PROXIES


def _drop_default_session() -> None:
    """boto3 caches the credentials it found first; `boto3.client` must look again."""
    boto3: Any = sys.modules.get("boto3")
    if boto3 is not None:
        boto3.DEFAULT_SESSION = None


_original_send: Callable[..., Any] | None = None


def _guard_this_process() -> None:
    """Refuse what botocore is about to send anywhere but here.

    The last step before the network is replaced, so that clients made before the cloud started,
    and clients with an endpoint of their own, are held as well. What moto's mock_aws answers in
    this process never comes this far.
    """
    global _original_send
    from botocore.httpsession import URLLib3Session  # type: ignore[import-untyped]

    original = _original_send = URLLib3Session.send

    def send(session: Any, request: Any) -> Any:
        refuse_elsewhere(request.url)
        return original(session, request)

    URLLib3Session.send = send


def _unguard_this_process() -> None:
    global _original_send
    from botocore.httpsession import URLLib3Session

    URLLib3Session.send = _original_send
    _original_send = None


def refuse_elsewhere(url: str) -> None:
    """Raise if `url` is not on this machine.

    Raises:
        CloudError: naming the host that was about to be called.
    """
    host = urlsplit(url).hostname or ""
    if not is_here(host):
        raise CloudError(
            f"A call to AWS would have left this machine for {host}; it was not sent.",
            "Make the client without endpoint_url, or call cloud.stop() to work with AWS.",
        )


def is_here(host: str) -> bool:
    """Whether `host` is this machine's loopback interface."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
