"""Those who call deployed APIs, as the account knows them: signers of requests, and user pools.

Implements gateway.Account over moto's IAM, STS and Cognito. A route that asks for AWS_IAM is
judged under its signer's policies always, whether or not the rest of the cloud enforces IAM.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from workbook.cloud import firewall
from workbook.cloud.gateway import UserPool, signatures
from workbook.cloud.gateway.request import Request
from workbook.cloud.gateway.responses import OwnAnswer, Refused
from workbook.cloud.lambda_state import ACCOUNT

INVOKE = "execute-api:Invoke"
_POOL = re.compile(r"arn:aws:cognito-idp:(?P<region>[^:]+):(?P<account>[^:]+):userpool/(?P<id>.+)")


class ApiCallers:
    """Signers and user pools of the account."""

    def signer(self, request: Request, arn: str) -> Mapping[str, str | None]:
        """Who signed a request, if their policies let them call `arn`.

        Raises:
            Refused: as API Gateway refuses a bad signature, or a signer without permission.
            NotEmulated: their policies use what iam/ cannot judge.
        """
        # By the real time, which the signer goes by: the cloud's may have been set forward.
        access_key = signatures.verify(request, _secret, time.time())
        if access_key == firewall.ACCESS_KEY_ID:  # the developer, who may do everything
            root = f"arn:aws:iam::{ACCOUNT}:root"
            return _told(access_key, ACCOUNT, root)
        return _judged(access_key, request, arn)

    def user_pool(self, arn: str) -> UserPool | None:
        """A user pool with its public key."""
        from moto.cognitoidp.models import cognitoidp_backends  # slow to import

        found = _POOL.fullmatch(arn)
        if found is None:
            return None
        pool = cognitoidp_backends[found["account"]][found["region"]].user_pools.get(found["id"])
        if pool is None:
            return None
        return UserPool(
            issuer=f"https://cognito-idp.{pool.region}.amazonaws.com/{pool.id}",
            key=pool.json_web_key.as_dict(private=False),
            clients=frozenset(pool.clients),
        )

    def token_time(self) -> float:
        """The machine's own time, by which moto issues tokens: `advance` does not move it."""
        return time.time()


def _secret(access_key: str) -> str | None:
    from moto.iam.models import iam_backends  # slow to import
    from moto.sts.models import sts_backends

    if access_key == firewall.ACCESS_KEY_ID:
        return firewall.SECRET_ACCESS_KEY
    for user in list(iam_backends[ACCOUNT]["aws"].users.values()):
        for key in list(user.access_keys):
            if key.access_key_id == access_key:
                return str(key.secret_access_key) if key.status == "Active" else None
    for account in list(sts_backends.values()):
        session = account["aws"].get_assumed_role_from_access_key(access_key)
        if session is not None:
            return str(session.secret_access_key)
    return None


def _judged(access_key: str, request: Request, arn: str) -> Mapping[str, str | None]:
    from workbook.cloud import iam_state  # slow to import, and seldom asked for
    from workbook.cloud.iam import Callers
    from workbook.cloud.iam.context import KNOWN
    from workbook.cloud.iam.evaluate import Context, decide
    from workbook.cloud.iam.policies import Need

    principal = Callers(iam_state.MotoDirectory()).who(access_key)
    if principal is None:
        raise Refused(signatures.INVALID_TOKEN)
    moment = time.time()
    keys = {
        "aws:currenttime": (datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),),
        "aws:epochtime": (str(int(moment)),),
        "aws:principalaccount": (ACCOUNT,),
        "aws:requestedregion": (firewall.REGION,),
        "aws:securetransport": ("true",),  # as on AWS
        "aws:sourceip": (request.source_ip,),
        **principal.keys,
    }
    denial = decide(Need(INVOKE, arn), principal.layers, Context(keys, KNOWN.__contains__))
    if denial is None:
        return _told(access_key, principal.keys["aws:userid"][0], principal.arn)
    why = f"because no {denial.kind} allows the {INVOKE} action"
    if denial.explicit:
        why = f"with an explicit deny in an {denial.kind}"
    hidden = arn.replace(f":{ACCOUNT}:", f":********{ACCOUNT[-4:]}:", 1)
    told = (
        f"User: {principal.arn} is not authorized to perform: {INVOKE} on resource: {hidden} {why}"
    )
    raise Refused(OwnAnswer(403, "AccessDeniedException", f'{{"Message":"{told}"}}'))


def _told(access_key: str, user: str, arn: str) -> dict[str, Any]:
    """What requestContext.identity says of a signer."""
    who = {"accountId": ACCOUNT, "caller": user, "user": user}
    return {**who, "accessKey": access_key, "userArn": arn}
