"""Puts a learner's `Registry` to the test, one registration or request at a time.

For the exercise build-the-registry of `routes_and_decorators`: each function does one thing with
the learner's object and fails with what it shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbook.check import NotAttempted, call, expect
from workbook.check.blame import in_words
from workbook.lessons import route_misconceptions as misconceptions

REGISTRY = 'chapter 02, section "A registry in ten lines"'


def made_by(registry: Any, name: str) -> Any:
    """An object of the learner's class, with the two methods that are asked for."""
    made = call(registry, called=f"{name} = Registry()")
    for method in ("route", "dispatch"):
        expect.that(
            callable(getattr(made, method, None)),
            got=f"no method {method}",
            expected=f"a method {method}",
            called=f"{name} = Registry(), then {name}.{method}",
            look_at=REGISTRY,
        )
    return made


class ShopViews:
    """Views that say what they were called with."""

    @staticmethod
    def list_items() -> str:
        return "list_items()"

    @staticmethod
    def list_low() -> str:
        return "list_low()"

    @staticmethod
    def read_item(item_id: str) -> str:
        return f"read_item({item_id!r})"

    @staticmethod
    def write_item(item_id: str) -> str:
        return f"write_item({item_id!r})"

    @staticmethod
    def on_shelf(item_id: str, shelf: str) -> str:
        return f"on_shelf({item_id!r}, {shelf!r})"


def registers(registry: Any, path: str, view: Callable[..., str], method: str = "GET") -> None:
    shown = f'"{path}"' if method == "GET" else f'"{path}", method="{method}"'
    called = f"@shop.route({shown}) above {view.__name__}"
    arguments = {} if method == "GET" else {"method": method}
    decorate = call(registry.route, path, called=called, **arguments)
    expect.that(
        callable(decorate),
        got=f"route(…) returned {decorate!r}",
        expected="a decorator: route(…) returns a function that takes the view",
        called=called,
        because=misconceptions.NO_DECORATOR,
        look_at=REGISTRY,
    )
    returned = call(decorate, view, called=called)
    expect.that(
        returned is view,
        got=f"{view.__name__} is now {returned!r}" if returned is None else "another object",
        expected=f"{view.__name__} is the same function as before",
        called=called,
        because=misconceptions.unchanged(returned),
        look_at=REGISTRY,
    )


def dispatches(registry: Any, method: str, path: str, result: str, because: str) -> None:
    called = f'shop.dispatch("{method}", "{path}")'

    def dispatched() -> Any:
        try:
            return registry.dispatch(method, path)
        except LookupError as error:
            return error

    got = call(dispatched, called=called)
    expect.that(
        got == result,
        got=_in_words(got),
        expected=f"what {result} returns",
        called=called,
        because=because,
        look_at=REGISTRY,
    )


def _in_words(got: object) -> str:
    if isinstance(got, LookupError):
        return in_words(got)
    return f"what {got} returns" if isinstance(got, str) and got.endswith(")") else repr(got)


def refuses(registry: Any, method: str, path: str, because: str = "") -> None:
    called = f'shop.dispatch("{method}", "{path}")'
    try:
        got = repr(registry.dispatch(method, path))
    except LookupError:
        return
    except NotImplementedError:
        raise NotAttempted("dispatch is not written yet.") from None
    except Exception as error:  # noqa: BLE001  the learner's code may raise anything
        got = in_words(error)
    expect.that(
        False,
        got=got,
        expected="LookupError: no row fits",
        called=called,
        because=because or misconceptions.refusal(method, path),
        look_at=REGISTRY,
    )
