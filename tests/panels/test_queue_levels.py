"""Queues are drawn with a square for each message, and said in words."""

from __future__ import annotations

from workbook.panels.queue_levels import MOST_SQUARES, Level, QueueLevels, queue_levels


class Cloud:
    """As much of a cloud as is asked for: SQS with one queue."""

    def client(self, service: str) -> Cloud:
        assert service == "sqs"
        return self

    def get_queue_url(self, QueueName: str) -> dict[str, str]:
        return {"QueueUrl": f"http://127.0.0.1/{QueueName}"}

    def get_queue_attributes(
        self,
        QueueUrl: str,
        AttributeNames: list[str],
    ) -> dict[str, dict[str, str]]:
        assert QueueUrl.endswith("/orders")
        counts = {"": "2", "NotVisible": "1", "Delayed": "3"}
        return {"Attributes": {f"ApproximateNumberOfMessages{k}": v for k, v in counts.items()}}


def test_waiting_and_hidden_messages_are_told_apart() -> None:
    assert repr(queue_levels(Cloud(), "orders")) == "orders  ■■□□□□ 2 waiting, 4 with a reader"


def test_names_are_aligned_and_empty_is_a_word() -> None:
    levels = QueueLevels((Level("orders", 3, 0), Level("orders-dead", 0, 0)))
    assert repr(levels).splitlines() == ["orders       ■■■ 3 waiting", "orders-dead  empty"]


def test_a_long_queue_is_cut_and_counted() -> None:
    level = Level("orders", 500, 0)
    assert len(level.squares) == MOST_SQUARES
    assert level.words == "500 waiting"


def test_squares_are_hidden_from_screen_readers_who_hear_the_words() -> None:
    drawn = QueueLevels((Level("a<b", 1, 0),))._repr_html_()
    assert '<td aria-hidden="true">■</td><td>1 waiting</td>' in drawn
    assert "a&lt;b" in drawn
