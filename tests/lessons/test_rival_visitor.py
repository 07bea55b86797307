"""The other visitor, who counts right before or right after the first read."""

import pytest

from workbook.lessons import rival_visitor
from workbook.lessons.fixtures import fresh_aws


@pytest.fixture
def table():
    with fresh_aws():
        yield rival_visitor.make_table()


def read(table):
    return table.get_item(Key=rival_visitor.KEY).get("Item", {}).get("visits")


@pytest.mark.parametrize(("before", "seen"), [(True, 1), (False, None)])
def test_a_rival_counts_once_at_the_first_read(table, before, seen):
    with rival_visitor.at_the_first_read(table, before=before) as numbers:
        first, second = read(table), read(table)
    assert (seen, 1) == (first, second)
    assert [1] == numbers


def test_no_rival_comes_where_nothing_is_read_nor_after_the_block(table):
    with rival_visitor.at_the_first_read(table, before=True) as numbers:
        rival_visitor.count(3)
    read(table)
    assert [] == numbers
    assert 3 == rival_visitor.counted()
