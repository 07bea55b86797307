"""The keys that sign tokens: versions of one secret, cached, rotated without downtime.

A token names the version that signed it. Tokens of the version before the current one are still
good, so that rotating logs nobody out; two rotations do. See "Secrets Manager secret versions".
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache

from botocore.exceptions import ClientError

from chalicelib.clients import client
from chalicelib.settings import settings

FRESH_SECONDS = 300.0
# A token with an unknown key makes us look for new ones, at once; a flood of them must not.
LOOK_AGAIN_SECONDS = 10.0


@dataclass(frozen=True)
class Key:
    """One version of the secret."""

    key_id: str
    value: str

    def __repr__(self) -> str:  # never the value: this may end up in a log
        return f"Key({self.key_id!r})"


class Keyring:
    """The current key and the one before."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._keys: dict[str, Key] = {}
        self._read_at = self._looked_again_at = float("-inf")

    def find(self, key_id: str, now: float | None = None) -> Key | None:
        """The key of that id, read anew where it may have changed; None if there is none."""
        now = time.monotonic() if now is None else now
        if now - self._read_at > FRESH_SECONDS:
            self._refresh(now)
        elif key_id not in self._keys and now - self._looked_again_at > LOOK_AGAIN_SECONDS:
            self._looked_again_at = now
            self._refresh(now)
        return self._keys.get(key_id)

    def _refresh(self, now: float) -> None:
        self._keys = {key.key_id: key for key in self._read()}
        self._read_at = now

    def _read(self) -> list[Key]:
        return [current_key(self._secret), *previous_key(self._secret)]


def current_key(secret: str) -> Key:
    """The key that signs new tokens."""
    return _version(secret, "AWSCURRENT")


def previous_key(secret: str) -> list[Key]:
    """The key before; none if the secret was never rotated."""
    try:
        return [_version(secret, "AWSPREVIOUS")]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return []
        raise


def _version(secret: str, stage: str) -> Key:
    found = client("secretsmanager").get_secret_value(SecretId=secret, VersionStage=stage)
    return Key(found["VersionId"], found["SecretString"])


@cache
def keyring() -> Keyring:
    """This function's keys."""
    return Keyring(settings().signing_secret)
