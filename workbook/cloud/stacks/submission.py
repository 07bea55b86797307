"""What a call hands in becomes a Goal: template, parameters, tags and capabilities.

CreateStack, UpdateStack and CreateChangeSet hand in the same things; so do, in part, the calls that
only look at a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from .documents import Document
from .dynamic import ClientFactory
from .errors import Refusal, invalid
from .parameters import Parameter, bind, check_declarations
from .stack import Goal, Stack
from .template import Template, Transform, parse
from .types import TYPES

_LONGEST_BODY = 51_200  # bytes; a template at a TemplateURL may have 1 MB
_AUTO_EXPAND = "CAPABILITY_AUTO_EXPAND"
_NAMED_IAM = {"RoleName", "ManagedPolicyName", "UserName", "GroupName", "InstanceProfileName"}

Parameters = Mapping[str, Any]


class Submissions:
    """Reads what calls hand in.

    Args:
        transform: carries out the transforms a template names.
    """

    def __init__(self, client: ClientFactory, transform: Transform) -> None:
        self._client = client
        self._transform = transform

    def goal(self, given: Parameters, stack: Stack | None, *, reviewed: bool = False) -> Goal:
        """What the call wants the stack to be.

        Args:
            stack: as it is now, for what is to stay as it is.
            reviewed: whether somebody looks at it before it is done, as at a change set. Then
                transforms need no acknowledgement, and what else one lacks, once they are carried
                out, is the change set's failure: see `lacking_capability`.

        Raises:
            Refusal: something is missing or wrong.
        """
        before = stack.goal if stack is not None else None
        capabilities = tuple(given.get("Capabilities", ()))
        texts = _texts(given, before)
        may_expand = reviewed or _AUTO_EXPAND in capabilities
        template = self._template(given, before, texts, may_expand=may_expand)
        lacking = lacking_capability(template, capabilities)
        if lacking and not (reviewed and template.macros):
            raise insufficient(lacking)
        parameters = bind(template, texts, self._stored)
        tags = {tag["Key"]: tag["Value"] for tag in given.get("Tags", ())}
        if "Tags" not in given and before is not None:
            tags = dict(before.tags)
        return Goal(template, parameters, tags, capabilities)

    def unexpanded(self, given: Parameters) -> Template:
        """The template a call names, its transforms not carried out."""
        template = parse(self._body(given), TYPES)
        check_declarations(template)
        return template

    def _template(
        self, given: Parameters, before: Goal | None, texts: Mapping[str, str], *, may_expand: bool
    ) -> Template:
        previous = before.template if before and given.get("UsePreviousTemplate") else None
        if previous is not None and not previous.macros:
            return previous

        def transform(name: str, document: Document, parameters: Mapping[str, str]) -> Document:
            if not may_expand:
                raise insufficient(_AUTO_EXPAND)
            return self._transform(name, document, parameters)

        body = self._body(given) if previous is None else previous.body
        template = parse(body, TYPES, transform, texts)
        check_declarations(template)
        return template

    def _body(self, given: Parameters) -> str:
        """The text of a template: in full, or by URL."""
        body: str | None = given.get("TemplateBody")
        if body is not None and len(body.encode()) > _LONGEST_BODY:
            raise invalid(
                "1 validation error detected: Value at 'templateBody' failed to satisfy "
                f"constraint: Member must have length less than or equal to {_LONGEST_BODY}"
            )
        if body is None and "TemplateURL" in given:
            body = self._download(given["TemplateURL"])
        if not body:
            raise invalid("Either Template URL or Template Body must be specified.")
        return body

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
        kind = TYPES.get(declared.type)  # SAM's own are no type until they are transformed
        if kind is not None and kind.schema.capability is not None:
            named = _NAMED_IAM & set(declared.properties)
            needed.append("CAPABILITY_NAMED_IAM" if named else kind.schema.capability)
    # Of these, only the strongest is asked for.
    return sorted(set(needed))[-1:] + ([_AUTO_EXPAND] if template.macros else [])


def lacking_capability(template: Template, capabilities: tuple[str, ...]) -> str | None:
    """What the resources of a template need and nobody has acknowledged."""
    for name in required_capabilities(template):
        # The stronger one holds for both.
        stronger = name == "CAPABILITY_IAM" and "CAPABILITY_NAMED_IAM" in capabilities
        if name not in capabilities and name != _AUTO_EXPAND and not stronger:
            return name
    return None


def insufficient(capability: str) -> Refusal:
    """The answer to who has not acknowledged what a template may do."""
    return Refusal("InsufficientCapabilitiesException", f"Requires capabilities : [{capability}]")


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
