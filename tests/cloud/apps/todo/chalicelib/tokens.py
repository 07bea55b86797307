"""Tokens: a name, when it ends, and a signature over both that only the secret can make."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode


def issue(name, ends, secret):
    """A token for `name` until `ends`, in seconds since 1970."""
    claim = urlsafe_b64encode(f"{ends:.0f} {name}".encode()).decode()
    return f"{claim}.{_signature(claim, secret)}"


def owner(token, now, secret):
    """Whose token it is; None if it has ended, or if somebody else has made it."""
    claim, _, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(claim, secret).encode()):
        return None
    ends, _, name = urlsafe_b64decode(claim).decode().partition(" ")
    return name if now < int(ends) else None


def _signature(claim, secret):
    return hmac.new(secret, claim.encode(), "sha256").hexdigest()
