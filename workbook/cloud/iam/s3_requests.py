"""S3's requests: where the bucket's name stands, forms posted by browsers, and lists of deletions.

What else there is to read of them is in routes.py, as for other REST services. `bucket_of_host`
decides as moto does, which has to answer for the same bucket.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree

from werkzeug.formparser import parse_form_data

from workbook.cloud.calls import AwsCall
from workbook.cloud.iam.routes import routes

_PATH_STYLE = re.compile(r"localhost.*|[^.]+|\d+(\.\d+){3}|s3[.-](.*\.)?amazonaws\.com")
_AMAZON = re.compile(r"(?P<bucket>.+)\.s3.*\.amazonaws\.com")


def read(
    environ: dict[str, Any], call: AwsCall, headers: Mapping[str, str]
) -> tuple[str, dict[str, Any]]:
    """Operation and parameters; the operation is "" where no S3 operation has such a path."""
    path = call.path.encode("latin-1").decode("utf-8", "surrogateescape")
    bucket = bucket_of_host(environ.get("HTTP_HOST", ""))
    path = f"/{bucket}{path}" if bucket else path
    if _is_form(environ):
        return "PostObject", {"Bucket": path.split("/")[1], **_posted(environ)}
    query = parse_qs(call.query, keep_blank_values=True)
    for route in routes("s3"):
        parameters: dict[str, Any] | None = route.parameters(call.method, path, query, headers)
        if parameters is not None:
            if route.operation == "DeleteObjects":
                parameters["Delete"] = {"Objects": deletions(body_of(environ))}
            return route.operation, parameters
    return "", {}


def bucket_of_host(host: str) -> str:
    """The bucket that a host is named after; "" for a host whose paths begin with the bucket."""
    domain = host.rpartition(":")[0] or host
    if not domain or domain.startswith("[") or _PATH_STYLE.fullmatch(domain):
        return ""
    domain = domain.removeprefix("www.")
    if "amazonaws.com" in domain:
        found = _AMAZON.fullmatch(domain)
        return found["bucket"] if found else ""
    return domain.split(".")[0]


def deletions(body: bytes) -> list[dict[str, str]]:
    """Keys and versions that a DeleteObjects names; none when it is not XML, as S3 will say."""
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return []
    return [
        {local_name(part): part.text or "" for part in each}
        for each in root
        if local_name(each) == "Object"
    ]


def body_of(environ: dict[str, Any]) -> bytes:
    """A request's body, which can be read again."""
    body: bytes = environ["wsgi.input"].read()
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    return body


def poster(environ: dict[str, Any]) -> str:
    """The access key that signed a browser's form (AWS's page "POST Object"); "" without one."""
    if not _is_form(environ):
        return ""
    signer = _fields(environ).get("x-amz-credential", "").partition("/")[0]
    return signer or _fields(environ).get("awsaccesskeyid", "")


def _is_form(environ: Mapping[str, Any]) -> bool:
    posted: bool = environ["REQUEST_METHOD"] == "POST"
    return posted and "multipart/form-data" in environ.get("CONTENT_TYPE", "")


def _posted(environ: dict[str, Any]) -> dict[str, str]:
    fields = _fields(environ)
    return {"Key": fields.get("key", ""), "ACL": fields.get("acl", "")}


def _fields(environ: dict[str, Any]) -> dict[str, str]:
    """A form's fields but its file, by names in lower case."""
    whole = {**environ, "wsgi.input": io.BytesIO(body_of(environ))}
    _, fields, _ = parse_form_data(whole)
    return {name.lower(): value for name, value in fields.items()}


def local_name(element: ElementTree.Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]
