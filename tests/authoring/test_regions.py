"""Solution regions: the starter a learner gets, and clear words for a malformed one."""

import ast

import pytest

from workbook.authoring import regions
from workbook.errors import NotebookError

PLAIN = """\
def total(prices):
    ### BEGIN SOLUTION
    return sum(prices)
    ### END SOLUTION
"""
BLANKS = """\
### BEGIN SOLUTION
rate = 0.2
total = price * (1 + rate)
### BEGIN STARTER
# rate = ...
# total = price * ...  # with tax
### END SOLUTION
print(total)
"""
PARSONS = """\
### BEGIN SOLUTION shuffled
def total(prices):
    result = 0
    for price in prices:
        result += price
    return result
### END SOLUTION
"""


def test_a_plain_region_becomes_a_body_that_runs():
    starter = regions.unsolved(PLAIN, "total")
    assert "def total(prices):\n    ...  # your code here" == starter
    ast.parse(starter)


def test_blanks_come_from_the_starter_part():
    assert "rate = ...\ntotal = price * ...  # with tax\nprint(total)" == regions.unsolved(
        BLANKS, "tax"
    )


def test_the_solution_is_the_cell_without_marks_or_starter():
    assert "rate = 0.2\ntotal = price * (1 + rate)\nprint(total)" == regions.solved(BLANKS)


def test_a_shuffled_region_gives_every_line_as_a_comment_in_another_order():
    lines = regions.unsolved(PARSONS, "total").splitlines()
    solution = [f"# {line.strip()}" for line in regions.solved(PARSONS).splitlines()]
    assert sorted(solution) == sorted(lines)
    assert solution != lines


def test_a_shuffle_is_the_same_on_every_build():
    assert regions.unsolved(PARSONS, "total") == regions.unsolved(PARSONS, "total")


def test_a_shuffled_body_still_runs():
    inside = "def total():\n    ### BEGIN SOLUTION shuffled\n    a = 1\n    return a\n    ### END SOLUTION"
    ast.parse(regions.unsolved(inside, "total"))


def test_a_planted_bug_keeps_its_indentation():
    source = (
        "def f(x):\n    ### BEGIN SOLUTION\n    return x + 1\n    ### BEGIN STARTER\n"
        "    # if x:\n    #     return x - 1\n    ### END SOLUTION"
    )
    assert "def f(x):\n    if x:\n        return x - 1" == regions.unsolved(source, "f")


def test_several_regions_in_one_cell():
    two = "### BEGIN SOLUTION\na = 1\n### END SOLUTION\n" * 2
    assert 2 == regions.unsolved(two, "a").count("your code here")


def test_a_cell_without_marks_is_left_alone():
    assert "x = 1  ### a remark" == regions.unsolved("x = 1  ### a remark", "x")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
            "Line 2.*inside the region of line 1",
        ),
        ("a = 1\n### BEGIN SOLUTION\nb = 2", "Line 2.*never closed"),
        ("### END SOLUTION", "Line 1.*never opened"),
        ("### BEGIN STARTER", "Line 1.*outside a solution"),
        (
            "### BEGIN SOLUTION\n### BEGIN STARTER\n### BEGIN STARTER\n### END SOLUTION",
            "Line 3.*twice",
        ),
        ("### BEGIN SOLUTION shuffled\n### BEGIN STARTER\n### END SOLUTION", "Line 2.*is made"),
        ("### BEGIN SOLUTION suffled\n### END SOLUTION", "Line 1.*'suffled'"),
        ("### BEGIN SOLUTOIN", "Line 1.*no mark that is known"),
    ],
    ids=["nested", "unclosed", "unopened", "loose starter", "two starters", "both", "word", "typo"],
)
def test_a_malformed_region_is_named_with_its_line(source, says):
    with pytest.raises(NotebookError, match=says):
        regions.unsolved(source, "x")
