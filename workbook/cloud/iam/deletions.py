"""DeleteObjects: S3 deletes what may be deleted, and lists the rest as errors of a success.

AWS's page "DeleteObjects". The request goes on without the keys that are denied, and what came of
them is added to the answer.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree

from workbook.cloud.answer import Answer
from workbook.cloud.iam.actions.s3 import deletion
from workbook.cloud.iam.evaluate import Denial
from workbook.cloud.iam.policies import Need
from workbook.cloud.iam.refusals import message
from workbook.cloud.iam.requests import Request
from workbook.cloud.iam.s3_requests import body_of, local_name

_S3 = "http://s3.amazonaws.com/doc/2006-03-01/"
_EMPTY = f'<DeleteResult xmlns="{_S3}"/>'.encode()
ElementTree.register_namespace("", _S3)  # S3's XML names its elements without a prefix
_CHECKSUMS = ("HTTP_CONTENT_MD5", "HTTP_X_AMZ_CHECKSUM_CRC32")  # of the body as it was


def answer(
    request: Request,
    environ: dict[str, Any],
    denial: Callable[[Need], Denial | None],
    proceed: Callable[[], Answer],
) -> Answer:
    """Have S3 delete what `denial` does not speak against."""
    listed = request.parameters["Delete"]["Objects"]
    found = [denial(deletion(request, each)) for each in listed]
    errors = [
        _error(entry, message(request, denied))
        for entry, denied in zip(listed, found, strict=True)
        if denied is not None
    ]
    if not errors:
        return proceed()
    if len(errors) == len(listed):
        return _with(Answer(200, _EMPTY, (("Content-Type", "application/xml"),)), errors)
    _keep(environ, [denied is None for denied in found])
    answered = proceed()
    return _with(answered, errors) if answered.status == 200 else answered


def _keep(environ: dict[str, Any], kept: list[bool]) -> None:
    root = ElementTree.fromstring(body_of(environ))
    objects = [each for each in root if local_name(each) == "Object"]
    for each, keep in zip(objects, kept, strict=True):
        if not keep:
            root.remove(each)
    body = ElementTree.tostring(root)
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    for name in _CHECKSUMS:
        environ.pop(name, None)


def _error(entry: Mapping[str, str], told: str) -> ElementTree.Element:
    error = ElementTree.Element(f"{{{_S3}}}Error")
    parts = {"Key": entry.get("Key", ""), "Code": "AccessDenied", "Message": told}
    if entry.get("VersionId"):
        parts["VersionId"] = entry["VersionId"]
    for name, text in parts.items():
        ElementTree.SubElement(error, f"{{{_S3}}}{name}").text = text
    return error


def _with(answered: Answer, errors: list[ElementTree.Element]) -> Answer:
    root = ElementTree.fromstring(answered.body)
    root.extend(errors)
    body = ElementTree.tostring(root, xml_declaration=True, encoding="UTF-8")
    headers = (pair for pair in answered.headers if pair[0].lower() != "content-length")
    return Answer(answered.status, body, tuple(headers))
