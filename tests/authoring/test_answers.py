"""Known answers run as they would in a kernel."""

from workbook.authoring import answers
from workbook.authoring.master import ExerciseCells

CELLS = ExerciseCells(
    "typed", ("limit = 3",), {"check": ('check("typed", Item.__annotations__["stock"])',)}
)


def test_annotations_are_values_as_in_a_kernel():
    """A model reads its annotations; as text they would be looked up in the wrong module."""
    answer = "class Kind:\n    ...\n\n\nclass Item:\n    stock: Kind\n"
    handed_over = answers.attempt(CELLS, answer, lambda slug, annotation: annotation)
    assert "Kind" == handed_over.__name__


def test_what_stands_before_the_answer_is_there():
    answer = "class Item:\n    stock: limit\n"
    assert 3 == answers.attempt(CELLS, answer, lambda slug, annotation: annotation)
