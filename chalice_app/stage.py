"""A stage's resources: made, connected with the functions, and taken away.

    python stage.py up dev        create or update the stack of resources.yaml, and write what it
                                  made into .chalice/config.json, where `chalice deploy` reads it
    python stage.py down dev      empty the buckets, delete the stack, take it out of the config
    python stage.py merge dev     print resources.yaml with the functions connected to it, for
                                  `chalice package --stage dev --merge-template FILE`
    python stage.py token dev     print a token (--scopes read write, --subject, --minutes)
    python stage.py rotate dev    a new signing key; tokens of the one before stay good

The Outputs of resources.yaml are the contract. With `up` their values reach the functions, with
`merge` their expressions do; no name stands in two places.
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import yaml
from botocore.exceptions import WaiterError

from chalicelib.scopes import READ, WRITE
from chalicelib.settings import STAGES

HERE = Path(__file__).resolve().parent
CONFIG = HERE / ".chalice" / "config.json"
TEMPLATE = HERE / "resources.yaml"
# libyaml's parser, where PyYAML has it, is ten times as fast.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 3.0  # seconds between two looks at a stack that is not ready
# What a packaged function listens to: Chalice writes an ARN, `merge` puts the resource's reference.
SOURCES = {
    "orders": ("SqsEventSource", "Queue", "OrdersQueueArn"),
    "photos": ("SqsEventSource", "Queue", "UploadsQueueArn"),
    "stock": ("DynamodbEventSource", "Stream", "ItemsStreamArn"),
    "alerts": ("SnsSubscription", "Topic", "AlertsTopicArn"),
}


def up(stage: str) -> dict[str, str]:
    """Make the stage's resources, and write what they are into the config; the outputs."""
    found = make(stage)
    _write_config(stage, found)
    return found


def make(stage: str) -> dict[str, str]:
    """Create or update the stage's stack; its outputs."""
    cloudformation = boto3.client("cloudformation")
    request = {
        "StackName": stack_name(stage),
        "TemplateBody": TEMPLATE.read_text(),
        "Parameters": [{"ParameterKey": "FunctionPrefix", "ParameterValue": prefix(stage)}],
        "Capabilities": ["CAPABILITY_IAM"],
        "Tags": [{"Key": "stage", "Value": stage}],
    }
    done = "stack_create_complete"
    try:
        cloudformation.create_stack(**request)
    except cloudformation.exceptions.AlreadyExistsException:
        done = "stack_update_complete"
        try:
            cloudformation.update_stack(**request)
        except cloudformation.exceptions.ClientError as error:
            if "No updates" in str(error):
                return outputs(stage)
            raise
    _wait(cloudformation, done, stage)
    return outputs(stage)


def down(stage: str) -> None:
    """Delete what the stage stands on, with all that is in it."""
    cloudformation, s3 = boto3.client("cloudformation"), boto3.resource("s3")
    for name, value in outputs(stage).items():
        if name.endswith("Bucket"):
            s3.Bucket(value).objects.all().delete()
    cloudformation.delete_stack(StackName=stack_name(stage))
    _forget_layers(stage)
    _wait(cloudformation, "stack_delete_complete", stage)
    _write_config(stage, {})


def outputs(stage: str) -> dict[str, str]:
    """What the stage's stack gave back."""
    cloudformation = boto3.client("cloudformation")
    [stack] = cloudformation.describe_stacks(StackName=stack_name(stage))["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


def merged(stage: str) -> dict[str, Any]:
    """resources.yaml, and for each function what Chalice's template lacks."""
    template: dict[str, Any] = yaml.load(TEMPLATE.read_text(), _Loader)
    template["Parameters"]["FunctionPrefix"]["Default"] = prefix(stage)
    given = {name: output["Value"] for name, output in template["Outputs"].items()}
    for function, role in roles(given).items():
        # Named as `chalice deploy` names them, so that the log groups are the same.
        suffix = "" if function == "api_handler" else f"-{function}"
        properties = {
            "FunctionName": {"Fn::Sub": "${FunctionPrefix}" + suffix},
            "Role": role,
            "Environment": {"Variables": variables(given)},
        }
        if function in SOURCES:
            kind, key, source = SOURCES[function]
            properties["Events"] = {
                _resource(function) + kind: {"Properties": {key: given[source]}}
            }
        template["Resources"][_resource(function)] = {"Properties": properties}
    # The requirements. SAM would keep the versions that were replaced, also without the stack.
    template["Resources"]["ManagedLayer"] = {"Properties": {"RetentionPolicy": "Delete"}}
    return template


def variables(given: dict[str, Any]) -> dict[str, Any]:
    """Of outputs, those for the functions' environment: ItemsTable is ITEMS_TABLE."""
    return {_snake(name).upper(): given[name] for name in given if not name.endswith("Role")}


def roles(given: dict[str, Any]) -> dict[str, Any]:
    """Of outputs, the roles, by function: NightlyReportRole is nightly_report's."""
    return {
        _snake(name.removesuffix("Role")): given[name] for name in given if name.endswith("Role")
    }


def token(stage: str, subject: str, scopes: list[str], minutes: float) -> str:
    """A token for that stage, signed with its current key."""
    # Slow to import, and nothing that the other commands need.
    from chalicelib.identity import issued
    from chalicelib.keys import current_key

    now = datetime.now(UTC)
    key = current_key(outputs(stage)["SigningSecret"])
    return issued(key, subject, stage, scopes, now, now + timedelta(minutes=minutes))


def rotate(stage: str) -> None:
    """Make a new key the current one."""
    secret = outputs(stage)["SigningSecret"]
    boto3.client("secretsmanager").put_secret_value(
        SecretId=secret, SecretString=secrets.token_urlsafe(48)
    )


def prefix(stage: str) -> str:
    """What the names of the stage's functions begin with."""
    return f"{json.loads(CONFIG.read_text())['app_name']}-{stage}"


def stack_name(stage: str) -> str:
    """The stack of the stage's resources."""
    return f"{prefix(stage)}-resources"


def _write_config(stage: str, found: dict[str, str]) -> None:
    """Put the outputs where Chalice reads them, in the place of those of an earlier stack."""
    config = json.loads(CONFIG.read_text())
    own = config["stages"][stage]
    declared = yaml.load(TEMPLATE.read_text(), _Loader)["Outputs"]
    for name in variables(declared):
        own["environment_variables"].pop(name, None)
    own["environment_variables"] |= variables(found)
    functions = own["lambda_functions"]
    for name in roles(declared):
        functions.setdefault(name, {}).pop("iam_role_arn", None)
    for name, role in roles(found).items():
        functions[name]["iam_role_arn"] = role
    own["lambda_functions"] = {name: given for name, given in functions.items() if given}
    CONFIG.write_text(json.dumps(config, indent=2) + "\n")


def _forget_layers(stage: str) -> None:
    """Delete what `chalice delete` knows nothing of: the layers of deploys that broke off."""
    lambdas, name = boto3.client("lambda"), f"{prefix(stage)}-managed-layer"
    for page in lambdas.get_paginator("list_layer_versions").paginate(LayerName=name):
        for each in page["LayerVersions"]:
            lambdas.delete_layer_version(LayerName=name, VersionNumber=each["Version"])


def _wait(cloudformation: Any, state: str, stage: str) -> None:
    """Ask again soon at first, then less and less often: AWS takes minutes, a local cloud does not."""
    waiter, pause = cloudformation.get_waiter(state), FIRST_PAUSE
    while True:
        try:
            waiter.wait(StackName=stack_name(stage), WaiterConfig={"MaxAttempts": 1})
        except WaiterError as error:
            if "Max attempts exceeded" not in str(error):
                raise
        else:
            return
        time.sleep(pause)
        pause = min(pause * 1.3, LONGEST_PAUSE)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _resource(function: str) -> str:
    """What Chalice calls a function in a template; nightly_report: NightlyReport."""
    named = "".join(word.capitalize() for word in function.split("_"))
    return "APIHandler" if function == "api_handler" else named


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=("up", "down", "merge", "token", "rotate"))
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--subject", default="me")
    parser.add_argument("--scopes", nargs="+", choices=(READ, WRITE), default=[READ])
    parser.add_argument("--minutes", type=float, default=60)
    asked = parser.parse_args()
    if asked.what == "up":
        print(f"{stack_name(asked.stage)}: {len(up(asked.stage))} outputs are in the config")
    elif asked.what == "merge":
        print(json.dumps(merged(asked.stage), indent=2))
    elif asked.what == "token":
        print(token(asked.stage, asked.subject, asked.scopes, asked.minutes))
    elif asked.what == "down":
        down(asked.stage)
        print(f"{stack_name(asked.stage)}: deleted, and its outputs are out of the config")
    else:
        rotate(asked.stage)


if __name__ == "__main__":
    main()
