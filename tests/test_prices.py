"""The arithmetic of bills, against sums done by hand."""

import pytest

from workbook import prices
from workbook.prices import FunctionMonth


def test_a_million_requests_of_a_second_with_a_gigabyte():
    """AWS's own kind of example: a million GB-seconds."""
    month = FunctionMonth(1_000_000, 1_000, 1_024)
    assert pytest.approx(16.6667) == month.for_time
    assert pytest.approx(0.20) == month.for_requests
    assert pytest.approx(3.50) == month.for_gateway
    assert pytest.approx(20.3667) == month.total


def test_the_allowance_takes_off_a_million_requests_and_so_many_gigabyte_seconds():
    small, large = FunctionMonth(1_000, 1_000, 1_024), FunctionMonth(10**8, 1_000, 1_024)
    assert pytest.approx(small.for_requests + small.for_time) == small.allowance
    assert pytest.approx(0.20 + 400_000 * 0.0000166667) == large.allowance


def test_a_month_without_requests_costs_nothing_and_a_server_the_same_as_ever():
    assert 0 == FunctionMonth(0, 100, 128).total
    assert pytest.approx(7.592) == prices.server_month()


def test_at_the_break_even_both_cost_the_same():
    turn = prices.break_even(100, 128)
    assert pytest.approx(prices.server_month(), abs=0.001) == FunctionMonth(turn, 100, 128).total
