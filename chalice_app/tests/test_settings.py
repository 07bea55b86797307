"""Wrong settings are refused in one sentence, when a function starts."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields

import pytest

from chalicelib.settings import Settings, SettingsError, load
from stage import HERE as SERVICE

GOOD = {
    **{field.name.upper(): "x" for field in fields(Settings)},
    "STAGE": "dev",
    "ORDERS_QUEUE_URL": "https://sqs/orders",
    "UPLOADS_QUEUE_URL": "http://127.0.0.1/uploads",
    "ALERTS_TOPIC_ARN": "arn:aws:sns:us-east-1:1:alerts",
}


def test_good_ones_are_read_by_name() -> None:
    found = load({**GOOD, "ITEMS_TABLE": "shelf", "UNRELATED": "y"})
    assert (found.stage, found.items_table) == ("dev", "shelf")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ITEMS_TABLE": "", "ONCE_TABLE": ""}, "Not set: ITEMS_TABLE, ONCE_TABLE."),
        ({"STAGE": "production"}, "STAGE is 'production', not one of dev, staging, prod."),
        ({"ORDERS_QUEUE_URL": "orders"}, "ORDERS_QUEUE_URL is 'orders', which is no address."),
        ({"UPLOADS_QUEUE_URL": "up"}, "UPLOADS_QUEUE_URL is 'up', which is no address."),
        ({"ALERTS_TOPIC_ARN": "alerts"}, "ALERTS_TOPIC_ARN is 'alerts', which is no ARN."),
    ],
)
def test_wrong_ones_are_named(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load({**GOOD, **wrong})
    assert said in str(refused.value)


@pytest.mark.parametrize("in_lambda", [True, False])
def test_a_function_does_not_start_with_wrong_ones_but_chalice_can_read_the_app(
    in_lambda: bool,
) -> None:
    environment = {"AWS_LAMBDA_FUNCTION_NAME": "f"} if in_lambda else {}
    program = "import atexit, sys; atexit.register(lambda: print('boto3' in sys.modules)); import "
    ran = subprocess.run(
        [sys.executable, "-c", program + "chalicelib.keys"],
        cwd=SERVICE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode != 0) is in_lambda
    assert ("SettingsError: Not set: STAGE" in ran.stderr) is in_lambda
    assert ran.stdout == f"{not in_lambda}\n"  # before anything slow is imported
