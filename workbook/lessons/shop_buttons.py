"""What the buttons of chapter 01's last board do: a visitor, a crowd, an answer, two hours.

Each acts on the shop that the chapter has deployed and on its supplier; `environments_board` calls
them and shows what they say.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable

from workbook import LocalCloud
from workbook.lessons.slow_supplier import Supplier

CROWD = 5


def buttons(cloud: LocalCloud, supplier: Supplier) -> dict[str, Callable[[], object]]:
    """What each button says, and what a press does; the result, if any, is for the learner.

    Args:
        cloud: where the app `shop` is deployed, with /visit and /price.
        supplier: whom its /price asks.
    """
    shop = cloud.api("shop")
    # Not kept alive by its buttons: a cloud ends when the notebook lets go of its name.
    watched: LocalCloud = weakref.proxy(cloud)

    def five_ask() -> str:
        supplier.hold()
        shop.begin(CROWD, "GET", "/price")
        supplier.until_waiting(CROWD)
        return "all five are waiting"

    def supplier_answers() -> None:
        supplier.release()
        watched.settle()

    return {
        "One visit": lambda: shop.get("/visit"),
        "Five ask for a price": five_ask,
        "The supplier answers": supplier_answers,
        "Two hours later": lambda: watched.advance(hours=2),
    }
