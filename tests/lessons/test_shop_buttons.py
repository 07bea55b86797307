"""What the buttons of chapter 01's last board do, without a cloud: which calls, in which order."""

import gc
import weakref

from workbook.lessons.shop_buttons import CROWD, buttons


class Noted:
    """Stands in for cloud, shop and supplier: notes what is called."""

    def __init__(self):
        self.calls = []

    def api(self, name):
        self.calls.append(("api", name))
        return self

    def __getattr__(self, name):
        return lambda *given, **named: self.calls.append((name, *given, *named.items()))


def test_a_crowd_waits_until_the_supplier_answers():
    cloud, supplier = Noted(), Noted()
    pressed = buttons(cloud, supplier)
    assert "all five are waiting" == pressed["Five ask for a price"]()
    assert [("hold",), ("until_waiting", CROWD)] == supplier.calls
    pressed["The supplier answers"]()
    assert ("release",) == supplier.calls[-1]
    assert [("api", "shop"), ("begin", CROWD, "GET", "/price"), ("settle",)] == cloud.calls


def test_one_visits_and_two_hours_pass():
    cloud = Noted()
    pressed = buttons(cloud, Noted())
    pressed["One visit"]()
    pressed["Two hours later"]()
    assert [("get", "/visit"), ("advance", ("hours", 2))] == cloud.calls[1:]


def test_buttons_do_not_keep_a_cloud_alive():
    class Cloud:
        def api(self, name):
            return name

    cloud = Cloud()
    seen, pressed = weakref.ref(cloud), buttons(cloud, Noted())
    del cloud
    gc.collect()
    assert seen() is None and pressed
