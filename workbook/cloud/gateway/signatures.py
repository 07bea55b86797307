"""AWS Signature Version 4, verified: in the Authorization header, or in the query (a presigned URL).

Pages: "Create a signed AWS API request", "Troubleshoot Signature Version 4 signing". The signature
is made anew from the request as it was sent and the secret behind its access key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

from workbook.cloud.gateway.request import Request, Sent
from workbook.cloud.gateway.responses import MISSING_TOKEN, OwnAnswer, Refused

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "execute-api"
SKEW = timedelta(minutes=5)
_STAMP = "%Y%m%dT%H%M%SZ"

Secret = Callable[[str], str | None]
"""The secret access key behind an access key id."""

INVALID_TOKEN = OwnAnswer(
    403,
    "UnrecognizedClientException",
    '{"message":"The security token included in the request is invalid."}',
)


@dataclass(frozen=True)
class Signature:
    """What a request says of its signature."""

    access_key: str
    date: str
    region: str
    service: str
    stamp: str  # the time of signing, as it was sent
    signed_headers: tuple[str, ...]
    value: str
    expires: int | None = None  # seconds; of a presigned URL


def verify(request: Request, secret: Secret, now: float) -> str:
    """The access key that signed a request.

    Args:
        now: seconds since 1970, by the same clock as the signer's.

    Raises:
        Refused: with API Gateway's words for what is wrong with the signature.
    """
    sent = request.sent
    headers = {name.lower(): value for name, value in sent.headers}
    signature = _in_query(sent) or _in_header(headers)
    if signature.service != SERVICE:
        raise _invalid(f"Credential should be scoped to correct service: '{SERVICE}'. ")
    key = secret(signature.access_key)
    if key is None:
        raise Refused(INVALID_TOKEN)
    _check_time(signature, now)
    canonical = _canonical(sent, headers, signature)
    to_sign = _string_to_sign(canonical, signature)
    if not hmac.compare_digest(_sign(to_sign, key, signature), signature.value):
        raise _invalid(
            "The request signature we calculated does not match the signature you provided. Check "
            "your AWS Secret Access Key and signing method. Consult the service documentation for "
            f"details.\n\nThe Canonical String for this request should have been\n'{canonical}'\n\n"
            f"The String-to-Sign should have been\n'{to_sign}'\n"
        )
    return signature.access_key


def _in_header(headers: Mapping[str, str]) -> Signature:
    header = headers.get("authorization")
    if not header:
        raise Refused(MISSING_TOKEN)
    parts = dict(re.findall(r"(Credential|SignedHeaders|Signature)=([^,\s]+)", header))
    stamp = headers.get("x-amz-date", "")
    missing = [
        f"Authorization header requires '{name}' parameter."
        for name in ("Credential", "Signature", "SignedHeaders")
        if name not in parts
    ]
    if not stamp:
        missing.append(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        )
    if missing or not header.startswith(ALGORITHM):
        told = f"{' '.join(missing)} Authorization={header.split(',')[0]}"
        raise Refused(OwnAnswer(403, "IncompleteSignatureException", _message(told)))
    return _read(parts["Credential"], stamp, parts["SignedHeaders"], parts["Signature"])


def _in_query(sent: Sent) -> Signature | None:
    query = dict(parse_qsl(sent.query, keep_blank_values=True))
    if query.get("X-Amz-Algorithm") != ALGORITHM or "X-Amz-Signature" not in query:
        return None
    return _read(
        query.get("X-Amz-Credential", ""),
        query.get("X-Amz-Date", ""),
        query.get("X-Amz-SignedHeaders", ""),
        query["X-Amz-Signature"],
        int(query.get("X-Amz-Expires") or 0),
    )


def _read(
    credential: str, stamp: str, signed_headers: str, value: str, expires: int | None = None
) -> Signature:
    scope = credential.split("/")
    if len(scope) != 5:
        told = f"Credential must have exactly 5 slash-delimited elements, not {credential}"
        raise Refused(OwnAnswer(403, "IncompleteSignatureException", _message(told)))
    names = tuple(signed_headers.split(";"))
    return Signature(scope[0], scope[1], scope[2], scope[3], stamp, names, value, expires)


def _check_time(signature: Signature, now: float) -> None:
    moment = datetime.fromtimestamp(now, UTC)
    try:
        signed = datetime.strptime(signature.stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise _invalid(
            f"Date must be in ISO-8601 'basic format'. Got '{signature.stamp}'."
        ) from None
    lasts = SKEW if signature.expires is None else timedelta(seconds=signature.expires)
    if signed + lasts < moment:
        raise _invalid(
            f"Signature expired: {signature.stamp} is now earlier than "
            f"{moment - lasts:{_STAMP}} ({moment:{_STAMP}} - {lasts.total_seconds() / 60:g} min.)"
        )
    if signed - SKEW > moment:
        raise _invalid(
            f"Signature not yet current: {signature.stamp} is still later than "
            f"{moment + SKEW:{_STAMP}} ({moment:{_STAMP}} + 5 min.)"
        )


def _canonical(sent: Sent, headers: Mapping[str, str], signature: Signature) -> str:
    pairs = parse_qsl(sent.query, keep_blank_values=True)
    query = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in pairs
        if name != "X-Amz-Signature"
    )
    signed = [
        f"{name}:{' '.join(headers.get(name, '').split())}" for name in signature.signed_headers
    ]
    hashed = hashlib.sha256(sent.body).hexdigest()
    lines = [
        sent.method,
        quote(sent.path or "/", safe="/-_.~"),  # twice encoded, as for every service but S3
        "&".join(f"{name}={value}" for name, value in query),
        *signed,
        "",
        ";".join(signature.signed_headers),
        hashed,
    ]
    return "\n".join(lines)


def _string_to_sign(canonical: str, signature: Signature) -> str:
    scope = f"{signature.date}/{signature.region}/{signature.service}/aws4_request"
    return "\n".join(
        (ALGORITHM, signature.stamp, scope, hashlib.sha256(canonical.encode()).hexdigest())
    )


def _sign(to_sign: str, secret: str, signature: Signature) -> str:
    key = f"AWS4{secret}".encode()
    for part in (signature.date, signature.region, signature.service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, to_sign.encode(), "sha256").hexdigest()


def _invalid(message: str) -> Refused:
    return Refused(OwnAnswer(403, "InvalidSignatureException", _message(message)))


def _message(text: str) -> str:
    return json.dumps({"message": text}, separators=(",", ":"))
