"""The shop's rules: no AWS, no HTTP; properties first, then the edges by example."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import alerts, items, orders, reports
from chalicelib.domain.items import Item
from chalicelib.domain.orders import Line, Order
from chalicelib.domain.photos import Photo
from chalicelib.errors import OutOfStock

TEA = Item("tea", "Tea", stock=10, threshold=4, created_at="2026-01-01")
PIECES = st.integers(0, 1000)


@st.composite
def some_items(draw: st.DrawFn) -> Item:
    return replace(TEA, stock=draw(PIECES), threshold=draw(PIECES))


# ── items ──


@given(some_items(), st.integers(1, 2000))
def test_a_reservation_takes_what_is_asked_for_or_nothing(item: Item, quantity: int) -> None:
    if quantity > item.stock:
        with pytest.raises(OutOfStock):
            items.reserve(item, quantity)
    else:
        assert items.reserve(item, quantity) == replace(item, stock=item.stock - quantity)
        assert items.reserve(item, quantity).stock >= 0


def test_the_last_piece_can_be_had_and_a_shortage_says_what_there_is() -> None:
    assert items.reserve(TEA, 10).stock == 0
    with pytest.raises(OutOfStock, match=r"^tea has 10 in stock, not 11\.$"):
        items.reserve(TEA, 11)


def test_stock_is_low_below_the_threshold_and_not_at_it() -> None:
    assert [replace(TEA, stock=stock).low for stock in (3, 4, 5)] == [True, False, False]


def test_a_revision_replaces_what_the_shop_says_and_nothing_else() -> None:
    shown = items.show(TEA, photo("a", 1))
    revised = items.revise(shown, name="Green tea", stock=7, threshold=2)
    assert revised == replace(shown, name="Green tea", stock=7, threshold=2)


def test_a_new_item_has_no_photo_and_version_1() -> None:
    assert (TEA.photo, TEA.version) == (None, 1)


def photo(key: str, second: int) -> Photo:
    return Photo(key, "image/png", 1, 1, 1, f"2026-01-01T00:00:{second:02}+00:00")


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_the_latest_photo_is_shown_in_whatever_order_they_arrive(order: tuple[int, ...]) -> None:
    item = TEA
    for second in order:
        item = items.show(item, photo(str(second), second))
    assert item.photo == photo("3", 3)


def test_of_two_photos_of_one_second_the_first_told_of_stays() -> None:
    item = items.show(TEA, photo("a", 1))
    assert items.show(item, photo("b", 1)) is item


# ── orders ──

ORDER = Order("o", (Line("tea", 3), Line("jug", 1)))
JUG = Item("jug", "Jug", stock=1, threshold=0, created_at="2026-01-02")


def test_an_order_starts_queued_and_without_a_reason() -> None:
    assert (ORDER.status, ORDER.reason) == ("queued", "")


def test_an_order_that_can_be_met_takes_every_line() -> None:
    decided, after = orders.settle(ORDER, {"tea": TEA, "jug": JUG})
    assert decided == replace(ORDER, status="reserved")
    assert after == (replace(TEA, stock=7), replace(JUG, stock=0))


def test_an_order_that_lacks_one_line_takes_nothing_and_says_why() -> None:
    decided, after = orders.settle(ORDER, {"tea": TEA, "jug": replace(JUG, stock=0)})
    assert decided == replace(ORDER, status="rejected", reason="jug has 0 in stock, not 1.")
    assert after == ()


def test_an_order_of_what_the_shop_does_not_have_is_rejected() -> None:
    decided, after = orders.settle(ORDER, {"tea": TEA})
    assert decided == replace(ORDER, status="rejected", reason="There is no item jug.")
    assert after == ()


@given(st.lists(st.tuples(some_items(), st.integers(1, 1500)), min_size=1, max_size=6))
def test_orders_never_oversell_and_never_take_a_part(wanted: list[tuple[Item, int]]) -> None:
    stock = {f"i{n}": replace(item, item_id=f"i{n}") for n, (item, _) in enumerate(wanted)}
    lines = tuple(Line(f"i{n}", quantity) for n, (_, quantity) in enumerate(wanted))
    decided, after = orders.settle(Order("o", lines), stock)
    if decided.status == "reserved":
        taken = [stock[item.item_id].stock - item.stock for item in after]
        assert taken == [line.quantity for line in lines]
        assert all(item.stock >= 0 for item in after)
    else:
        assert after == ()
        assert any(quantity > item.stock for item, quantity in wanted)


# ── alerts ──

LOW = replace(TEA, stock=3, version=7)


def test_a_fall_below_the_threshold_is_an_alert_that_names_this_fall() -> None:
    alert = alerts.crossing(TEA, LOW)
    assert alert == alerts.Alert("tea", "2026-01-01/000000007", "Tea", stock=3, threshold=4)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LOW, replace(LOW, stock=2)),  # low already
        (LOW, TEA),  # a rise
        (TEA, replace(TEA, stock=4)),  # to the threshold, not below
        (None, LOW),  # new
        (TEA, None),  # gone
        (LOW, None),
        (None, None),
    ],
)
def test_nothing_else_is_an_alert(before: Item | None, after: Item | None) -> None:
    assert alerts.crossing(before, after) is None


@given(st.lists(PIECES, min_size=2, max_size=20))
def test_there_is_an_alert_for_each_fall_and_no_other(stocks: list[int]) -> None:
    states = [replace(TEA, stock=stock, version=n) for n, stock in enumerate(stocks)]
    found = [alerts.crossing(before, after) for before, after in pairwise(states)]
    falls = [b >= 4 > a for b, a in pairwise(stocks)]
    assert [alert is not None for alert in found] == falls
    ids = [alert.alert_id for alert in found if alert]
    assert ids == sorted(set(ids))


# ── reports ──


def test_a_report_counts_and_puts_the_greatest_lack_first() -> None:
    kinds = [
        TEA,
        replace(TEA, item_id="b", stock=3),
        replace(TEA, item_id="c", stock=1),
        replace(TEA, item_id="a", stock=3),
    ]
    found = reports.report(iter(kinds), "2026-01-01T02:00:00Z").as_dict()
    assert found == {
        "at": "2026-01-01T02:00:00Z",
        "items": 4,
        "pieces": 17,
        "low": (
            {"item_id": "c", "stock": 1, "missing": 3},
            {"item_id": "a", "stock": 3, "missing": 1},
            {"item_id": "b", "stock": 3, "missing": 1},
        ),
    }


def test_a_report_of_an_empty_shop_is_empty() -> None:
    assert reports.report([], "now").as_dict() == {"at": "now", "items": 0, "pieces": 0, "low": ()}
