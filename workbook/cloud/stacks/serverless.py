"""The transform AWS::Serverless-2016-10-31: AWS's own translator, run beside the cloud.

sam_translation.py is that process. See "AWS::Serverless transform" in the CloudFormation guide.
Other transforms of AWS's are not emulated; a name that is none of AWS's is unknown.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbook.cloud.missing import Missing, NotEmulated

from .documents import Document
from .errors import invalid

SERVERLESS = "AWS::Serverless-2016-10-31"
_APPLICATION = "AWS::Serverless::Application"
_TRANSLATION = Path(__file__).with_name("sam_translation.py")
_PATIENCE = 120  # seconds; it takes one on an idle machine


def transform(
    name: str, document: Document, parameters: Mapping[str, str], region: str
) -> Document:
    """The document without a transform that it names.

    Args:
        parameters: the values that were given; the defaults are in the document.

    Raises:
        Refusal: there is no such transform, or it refuses the document.
        NotEmulated: AWS has it, the local cloud has not.
    """
    if name != SERVERLESS:
        if name.startswith("AWS::"):
            raise NotEmulated(Missing.TRANSFORMS, name)
        raise invalid(f"No transform named {name} found.")
    if any(_type(entry) == _APPLICATION for entry in (document.get("Resources") or {}).values()):
        raise NotEmulated(Missing.APPLICATIONS, _APPLICATION)
    asked = {"template": document, "parameters": dict(parameters), "region": region}
    try:
        ran = subprocess.run(
            [sys.executable, "-P", str(_TRANSLATION)],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise invalid(f"Transform {name} failed with: no answer in {_PATIENCE} s") from None
    except subprocess.CalledProcessError as broken:  # a fault of the translator's, or of ours
        reason = broken.stderr.strip().splitlines()[-1:] or ["it ended without a word"]
        raise invalid(f"Transform {name} failed with: {reason[0]}") from broken
    answer: Document = json.loads(ran.stdout)
    if "refused" in answer:
        raise invalid(f"Transform {name} failed with: {answer['refused']}")
    made: Document = answer["template"]
    return made


def _type(entry: Any) -> Any:
    return entry.get("Type") if isinstance(entry, dict) else None
