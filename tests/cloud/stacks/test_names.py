"""Names that are made up, and how they are told from others."""

from __future__ import annotations

import uuid

import pytest

from workbook.cloud.stacks.names import is_made_up, last_part, physical_name


@pytest.mark.parametrize("lower", [False, True])
def test_what_is_made_up_is_known_again(lower: bool) -> None:
    name = physical_name("shop-resources", "Orders", uuid.uuid4, 80, lower=lower)
    assert is_made_up(name, "Orders")
    assert is_made_up(f"{name}-qQCagA", "Orders")  # as Secrets Manager ends an ARN
    assert not is_made_up(name, "Order")


@pytest.mark.parametrize("name", ["orders", "shop-orders", "shop-Orders-live", "Orders"])
def test_a_name_that_somebody_chose_is_not_made_up(name: str) -> None:
    assert not is_made_up(name, "Orders")


@pytest.mark.parametrize(
    "physical_id",
    ["orders", "arn:aws:sns:us-east-1:123456789012:orders", "http://127.0.0.1:1/1234/orders"],
)
def test_the_name_is_the_last_part_of_an_arn_or_a_url(physical_id: str) -> None:
    assert last_part(physical_id) == "orders"
