"""IAM: AWS's own policies are known, each as it is asked for."""

from __future__ import annotations

import json
from functools import wraps
from typing import Any

from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()

# Where a policy is looked up by its ARN; moto reads AWS's own never, or all of them for 40 MB.
_NAMING_POLICIES = (
    ("attach_group_policy", "policy_arn group_name", "policy = arns[policy_arn]"),
    ("attach_role_policy", "policy_arn role_name", "policy = arns[policy_arn]"),
    ("attach_user_policy", "policy_arn user_name", "policy = arns[policy_arn]"),
    (
        "create_role",
        (
            "role_name assume_role_policy_document path permissions_boundary description tags"
            " max_session_duration linked_service"
        ),
        "self.policy_arn_regex.match(",
    ),
    ("get_policy", "policy_arn", "if policy_arn not in self.managed_policies"),
    (
        "put_role_permissions_boundary",
        "role_name permissions_boundary",
        "role.permissions_boundary_arn = permissions_boundary",
    ),
)


def _knowing_awss_policies(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def look_up(self: Any, *args: Any, **kwargs: Any) -> Any:
        for argument in (*args, *kwargs.values()):
            if isinstance(argument, str) and argument.startswith("arn:aws:iam::aws:policy/"):
                _know_policy(self, argument)
        return original(self, *args, **kwargs)

    return look_up


def _know_policy(backend: Any, arn: str) -> None:
    """Have moto's IAM know one of AWS's own policies, if there is one of that ARN."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data
    from moto.iam.models import AWSManagedPolicy

    name = arn.rpartition("/")[2]
    found = None if arn in backend.managed_policies else json.loads(aws_managed_policies_data)
    if found and name in found:
        policy = AWSManagedPolicy.from_data(
            name, backend.account_id, backend.region_name, found[name]
        )
        if policy.arn == arn:
            backend.managed_policies[arn] = policy


for _name, _parameters, _rests_on in _NAMING_POLICIES:
    SEAMS.at(
        "moto.iam.models",
        f"IAMBackend.{_name}",
        f"self {_parameters}",
        rests_on=_rests_on,
        replaces="knows none of AWS's own policies",
    )(_knowing_awss_policies)
