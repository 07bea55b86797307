"""A choice among buttons: one is chosen, it is marked, and whoever watches is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from traitlets import TraitError

from workbook.panels import choice as module
from workbook.panels.choice import Choice


def marks(choice: Choice) -> list[str]:
    return [button.description for button in choice.buttons.values()]


def test_the_first_is_chosen_unless_another_is_asked_for() -> None:
    assert ["● tea", "○ milk"] == marks(Choice("Drink", ["tea", "milk"]))
    assert ["○ tea", "● milk"] == marks(Choice("Drink", ["tea", "milk"], "milk"))


def test_a_press_chooses_and_tells_who_watches() -> None:
    choice, told = Choice("Drink", ["tea", "milk"]), []
    choice.observe(lambda change: told.append(change.new), "value")
    choice.buttons["milk"].click()
    choice.buttons["milk"].click()
    assert ("milk", ["milk"]) == (choice.value, told)
    assert ["○ tea", "● milk"] == marks(choice)


def test_the_chosen_one_is_marked_by_more_than_its_circle() -> None:
    tea, milk = Choice("Drink", ["tea", "milk"]).buttons.values()
    assert ("bold", None) == (tea.style.font_weight, milk.style.font_weight)


def test_each_button_says_what_it_is_a_choice_of() -> None:
    assert "Drink: milk" == Choice("Drink", ["tea", "milk"]).buttons["milk"].tooltip


def test_what_is_no_option_is_refused() -> None:
    with pytest.raises(TraitError, match="'soup' is none of tea, milk"):
        Choice("Drink", ["tea", "milk"], "soup")


def test_no_panel_has_a_control_whose_keys_jupyterlab_takes() -> None:
    """It takes arrows and letters from menus and lists; a disabled button loses the focus."""
    taken = (
        r"widgets\.(Dropdown|Select|SelectMultiple|RadioButtons|Tab|Accordion)\b|\.disabled = True"
    )
    allowed = {("request_console", "self._body.disabled = True")}  # a text field, from the start
    found = {
        (source.stem, line.strip())
        for source in Path(module.__file__).parent.glob("*.py")
        for line in source.read_text().splitlines()
        if re.search(taken, line)
    }
    assert found <= allowed
