"""A SAM template made into one of plain resources, in a process of its own: JSON in, JSON out.

    {"template": …, "parameters": {…}, "region": …}  →  {"template": …} or {"refused": "…"}

serverless.py runs it. AWS's translator and what it imports are 22 MB and three quarters of a second;
they go with the process, so that the cloud, which needs them for a moment, stays small. Runs as a
file, and imports nothing of the workbook.
"""

from __future__ import annotations

import json
import sys
from typing import Any

# Takes a second to import, and checks a format (iri) that no schema of SAM's names.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

import boto3
from samtranslator.internal.managed_policies import get_bundled_managed_policy_map
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator


def translated(asked: dict[str, Any]) -> dict[str, Any]:
    """What is answered to one request."""
    session = boto3.session.Session(region_name=asked["region"])
    policies = get_bundled_managed_policy_map("aws") or {}
    translator = Translator(policies, Parser(), boto_session=session)
    try:
        return {"template": translator.translate(asked["template"], asked["parameters"])}
    except InvalidDocumentException as invalid:
        causes = " ".join(cause.message for cause in invalid.causes)
        return {"refused": f"{invalid.message} {causes}"}


if __name__ == "__main__":
    json.dump(translated(json.load(sys.stdin)), sys.stdout)
