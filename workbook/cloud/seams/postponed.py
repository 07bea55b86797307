"""Packages that moto imports and seldom needs: light ones stand in for them in the meantime.

A stand-in offers what moto imports by name, and fetches the real package when that is called.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any


@contextlib.contextmanager
def postponed(importer: str) -> Iterator[None]:
    """Have moto's module, while it is imported, find stand-ins for what POSTPONED lists of it."""
    stand_ins = POSTPONED[importer]() if importer in POSTPONED else {}
    if stand_ins.keys() & sys.modules.keys():  # then there is nothing to save
        stand_ins = {}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]


def _openapi_validator() -> dict[str, ModuleType]:
    """Takes longer to import than all else of moto together; asked for by failonwarnings alone."""
    errors = "openapi_spec_validator.validation.exceptions"

    class OpenAPIValidationError(Exception):
        """What moto's handler of the real one catches."""

    def validate(document: dict[str, Any]) -> None:
        real = importlib.import_module(errors).OpenAPIValidationError
        try:
            importlib.import_module("openapi_spec_validator").validate(document)
        except real as error:
            raise OpenAPIValidationError(str(error)) from error

    return {
        "openapi_spec_validator": _module(validate=validate),
        "openapi_spec_validator.validation": _module(),
        errors: _module(OpenAPIValidationError=OpenAPIValidationError),
    }


def _ec2() -> dict[str, ModuleType]:
    """A hundred megabytes of instance types; Systems Manager asks it for targets of commands."""

    class Backends:
        def __getitem__(self, account: str) -> Any:
            return importlib.import_module("moto.ec2").ec2_backends[account]

    return {"moto.ec2": _module(ec2_backends=Backends())}


def _module(**content: Any) -> ModuleType:
    module = ModuleType("stand-in")
    vars(module).update(content)
    return module


# By the module of moto that imports them.
POSTPONED = {"moto.apigateway.models": _openapi_validator, "moto.ssm.models": _ec2}
