"""Both clerks have read before either writes, and neither waits for one who failed."""

import pytest

from workbook.lessons import two_clerks
from workbook.lessons.inventory_table import TABLE_NAME, practice_table
from workbook.lessons.two_clerks import race

BEANS = {"item_id": "item_1"}


@pytest.fixture
def table():
    with practice_table() as table:
        yield table


def test_both_read_before_either_writes(table):
    def sell_one(table, meet):
        stock = table.get_item(Key=BEANS)["Item"]["stock"]
        meet()
        table.put_item(Item={**BEANS, "stock": stock - 1})
        return int(stock)

    assert [12, 12] == race(sell_one, TABLE_NAME)
    assert 11 == table.get_item(Key=BEANS)["Item"]["stock"]


def test_each_clerk_has_a_table_handle_of_their_own(table):
    handles = []

    def sell(table, meet):
        handles.append(table)
        meet()
        return table.name

    assert [TABLE_NAME, TABLE_NAME] == race(sell, TABLE_NAME)
    assert handles[0] is not handles[1]


@pytest.mark.parametrize("failing", [0, 1])
def test_nobody_waits_for_a_clerk_who_failed(table, failing, monkeypatch):
    monkeypatch.setattr(two_clerks, "PATIENCE", 3600.0)
    turns = iter([0, 1])

    def sell(table, meet):
        if next(turns) == failing:
            raise LookupError("no such drawer")
        meet()

    with pytest.raises(LookupError):
        race(sell, TABLE_NAME)
