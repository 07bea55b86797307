"""What a function calls AWS with: keys of a session of its role, kept by moto like any other."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from workbook.cloud.firewall import REGION
from workbook.cloud.lambda_state import ACCOUNT


def credentials(role_arn: str, session_name: str) -> Mapping[str, str]:
    """Keys of the function's own role, which moto knows by them in every later call."""
    from moto.iam.models import iam_backends  # slow to import

    # A role that is deleted and made again is another one, and so are its sessions.
    roles = list(iam_backends[ACCOUNT]["aws"].roles.values())
    role_id = next((role.id for role in roles if role.arn == role_arn), "")
    return _session(role_arn, role_id, session_name)


@cache
def _session(role_arn: str, role_id: str, session_name: str) -> Mapping[str, str]:
    from moto.sts.models import sts_backends  # slow to import

    role = sts_backends[ACCOUNT]["aws"].assume_role(
        region_name=REGION,
        role_session_name=session_name,
        role_arn=role_arn,
        policy="",
        duration=3600,
        external_id="",
    )
    return {
        "AWS_ACCESS_KEY_ID": role.access_key_id,
        "AWS_SECRET_ACCESS_KEY": role.secret_access_key,
        "AWS_SESSION_TOKEN": role.session_token,
    }
