# %% right: rows of its own, a fixed moment, no order
def test_report(report):
    rows = {"item_1": 2, "item_2": 40, "item_3": 0}
    answer = report(
        [{"item_id": item_id, "stock": stock} for item_id, stock in rows.items()],
        now=datetime(2024, 2, 29, 23, 59, 59),
    )
    assert answer["day"] == "2024-02-29"
    assert len(answer["low"]) == 2 and set(answer["low"]) == {"item_1", "item_3"}


# %% right: two days, counted
def test_report(report):
    for day in (1, 2):
        copied = [*ROWS, {"item_id": "item_3", "stock": 0}]
        answer = report(copied, datetime(2026, 3, day))
        assert answer["day"] == f"2026-03-0{day}"
        assert Counter(answer["low"]) == {"item_1": 1, "item_3": 1}


# %% wrong: leaves the clock as it was
# says: midnight
def test_report(report):
    rows = [*ROWS, {"item_id": "item_3", "stock": 0}]
    answer = report(rows)
    assert answer["day"] == datetime.now().strftime("%Y-%m-%d")
    assert sorted(answer["low"]) == ["item_1", "item_3"]


# %% wrong: believes in an order
# says: Nobody promised an order
def test_report(report):
    rows = [*ROWS, {"item_id": "item_3", "stock": 0}]
    answer = report(rows, now=datetime(2026, 3, 2))
    assert answer == {"day": "2026-03-02", "low": ["item_1", "item_3"]}


# %% wrong: still adds to rows that all tests share
# says: once more
def test_report(report):
    ROWS.append({"item_id": "item_3", "stock": 0})
    answer = report(ROWS, now=datetime(2026, 3, 2))
    assert answer["day"] == "2026-03-02"
    assert sorted(answer["low"]) == ["item_1", "item_3"]


# %% wrong: no longer looks at the day
# says: any day it likes
def test_report(report):
    rows = [*ROWS, {"item_id": "item_3", "stock": 0}]
    assert sorted(report(rows)["low"]) == ["item_1", "item_3"]


# %% wrong: a set forgets what comes twice
# says: names an item twice
def test_report(report):
    rows = [*ROWS, {"item_id": "item_3", "stock": 0}]
    answer = report(rows, now=datetime(2026, 3, 2))
    assert answer["day"] == "2026-03-02"
    assert set(answer["low"]) == {"item_1", "item_3"}


# %% wrong: gives up after an hour of anger
# says: any day it likes
def test_report(report):
    for _ in range(3):
        try:
            rows = [*ROWS, {"item_id": "item_3", "stock": 0}]
            answer = report(rows)
            assert answer["day"] == datetime.now().strftime("%Y-%m-%d")
            assert sorted(answer["low"]) == ["item_1", "item_3"]
            break
        except AssertionError:
            pass


# %% right: brackets the present moment, and a day of its own
def test_report(report):
    rows = [{"item_id": f"item_{n}", "stock": n} for n in (7, 4, 0, 5, 40)]
    before = datetime.now().date().isoformat()
    today = report(list(rows))["day"]
    assert before <= today <= datetime.now().date().isoformat()
    answer = report(list(rows), datetime(1999, 12, 31, 23, 59))
    assert answer["day"] == "1999-12-31"
    assert Counter(answer["low"]) == {"item_4": 1, "item_0": 1}


# %% right: one of the two days that it may be
def test_report(report):
    import datetime as clock

    before = datetime.now().strftime("%Y-%m-%d")
    answer = report([*ROWS, {"item_id": "item_3", "stock": 0}])
    after = datetime.now().strftime("%Y-%m-%d")
    assert answer["day"] in {before, after}
    assert sorted(answer["low"]) == ["item_1", "item_3"]
    on_time = report(ROWS, clock.datetime(2026, 3, 2))
    assert on_time == {"day": "2026-03-02", "low": ["item_1"]}


# %% wrong: looks at the clock before, and not after
# says: midnight
def test_report(report):
    today = datetime.now().strftime("%Y-%m-%d")
    answer = report([*ROWS, {"item_id": "item_3", "stock": 0}])
    assert answer["day"] == today
    assert sorted(answer["low"]) == ["item_1", "item_3"]


# %% wrong: looks at another clock
# says: midnight
def test_report(report):
    import time

    answer = report([*ROWS, {"item_id": "item_3", "stock": 0}])
    assert answer["day"] == time.strftime("%Y-%m-%d")
    assert sorted(answer["low"]) == ["item_1", "item_3"]


# %% right: looks at the clock once, and hands the moment over
def test_report(report):
    moment = datetime.now()
    answer = report([*ROWS, {"item_id": "item_3", "stock": 0}], now=moment)
    assert answer["day"] == moment.strftime("%Y-%m-%d")
    assert sorted(answer["low"]) == ["item_1", "item_3"]


# %% wrong: tidies up behind its assertions
# says: once more after it was red
def test_report(report):
    ROWS.append({"item_id": "item_3", "stock": 0})
    answer = report(ROWS, now=datetime(2026, 3, 2))
    assert answer["day"] == "2026-03-02"
    assert sorted(answer["low"]) == ["item_1", "item_3"]
    ROWS.pop()


# %% wrong: counts the items, and asks for none
# says: names other items
def test_report(report):
    answer = report([*ROWS, {"item_id": "item_3", "stock": 0}], now=datetime(2026, 3, 2))
    assert answer["day"] == "2026-03-02"
    assert len(answer["low"]) == 2
