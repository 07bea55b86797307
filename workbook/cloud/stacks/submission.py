"""What a call hands in becomes a Goal: template, parameters, tags and capabilities.

CreateStack, UpdateStack and CreateChangeSet hand in the same things; so do, in part, the calls that
only look at a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from .dynamic import ClientFactory
from .errors import Refusal, invalid
from .parameters import Parameter, bind, check_declarations
from .stack import Goal, Stack
from .template import Template, Transform, no_transform, parse
from .types import TYPES

_LONGEST_BODY = 51_200  # bytes; a template at a TemplateURL may have 1 MB
_NAMED_IAM = {"RoleName", "ManagedPolicyName", "UserName", "GroupName", "InstanceProfileName"}

Parameters = Mapping[str, Any]


class Submissions:
    """Reads what calls hand in.

    Args:
        transform: carries out the transforms a template names.
    """

    def __init__(self, client: ClientFactory, transform: Transform = no_transform) -> None:
        self._client = client
        self._transform = transform

    def goal(self, given: Parameters, stack: Stack | None) -> Goal:
        """What the call wants the stack to be.

        Args:
            stack: as it is now, for what is to stay as it is.

        Raises:
            Refusal: something is missing or wrong.
        """
        before = stack.goal if stack is not None else None
        template = self.template(given, before)
        capabilities = tuple(given.get("Capabilities", ()))
        lacking = [name for name in required_capabilities(template) if name not in capabilities]
        if "CAPABILITY_NAMED_IAM" in capabilities:  # the stronger one holds for both
            lacking = [name for name in lacking if name != "CAPABILITY_IAM"]
        if lacking:
            raise Refusal(
                "InsufficientCapabilitiesException",
                f"Requires capabilities : [{', '.join(lacking)}]",
            )
        parameters = bind(template, _texts(given, before), self._stored)
        tags = {tag["Key"]: tag["Value"] for tag in given.get("Tags", ())}
        if "Tags" not in given and before is not None:
            tags = dict(before.tags)
        return Goal(template, parameters, tags, capabilities)

    def template(self, given: Parameters, before: Goal | None = None) -> Template:
        """The template a call names: in full, by URL, or the one the stack has."""
        if given.get("UsePreviousTemplate") and before is not None:
            return before.template
        body = given.get("TemplateBody")
        if body is not None and len(body.encode()) > _LONGEST_BODY:
            raise invalid(
                "1 validation error detected: Value at 'templateBody' failed to satisfy "
                f"constraint: Member must have length less than or equal to {_LONGEST_BODY}"
            )
        if body is None and "TemplateURL" in given:
            body = self._download(given["TemplateURL"])
        if not body:
            raise invalid("Either Template URL or Template Body must be specified.")
        template = parse(body, TYPES, self._transform)
        check_declarations(template)
        return template

    def _download(self, url: str) -> str:
        bucket, key = _bucket_and_key(url)
        try:
            found = self._client("s3").get_object(Bucket=bucket, Key=key)
        except ClientError as refused:
            raise invalid(
                f"S3 error: {refused.response['Error'].get('Message')}\n"
                "For more information check "
                "http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
            ) from refused
        text: str = found["Body"].read().decode()
        return text

    def _stored(self, name: str) -> str | None:
        try:
            found = self._client("ssm").get_parameter(Name=name)
        except ClientError as refused:
            if refused.response["Error"]["Code"] == "ParameterNotFound":
                return None
            raise invalid(refused.response["Error"]["Message"]) from refused
        value: str = found["Parameter"]["Value"]
        return value


def required_capabilities(template: Template) -> list[str]:
    """What must be acknowledged before a stack is made of a template."""
    needed = []
    for declared in template.resources.values():
        capability = TYPES[declared.type].schema.capability
        if capability is not None:
            named = _NAMED_IAM & set(declared.properties)
            needed.append("CAPABILITY_NAMED_IAM" if named else capability)
    # Only the strongest is asked for.
    return sorted(set(needed))[-1:]


def _texts(given: Parameters, before: Goal | None) -> dict[str, str]:
    known: Mapping[str, Parameter] = before.parameters if before is not None else {}
    texts = {}
    for entry in given.get("Parameters", ()):
        name = entry["ParameterKey"]
        if not entry.get("UsePreviousValue"):
            texts[name] = entry.get("ParameterValue", "")
        elif name in known:
            texts[name] = known[name].given
        else:
            raise invalid(
                f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true "
                "for a parameter key not in the previous template"
            )
    return texts


def _bucket_and_key(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host, path = parts.hostname or "", unquote(parts.path.lstrip("/"))
    bucket, dot, _ = host.partition(".s3")
    if not dot or host.startswith("s3"):  # the bucket stands in the path
        bucket, _, path = path.partition("/")
    if parts.scheme not in ("http", "https") or not bucket or not path:
        raise invalid("TemplateURL must be a supported URL.")
    return bucket, path
