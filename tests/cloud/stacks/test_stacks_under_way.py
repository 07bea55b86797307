"""What can be done with a stack while an operation is under way, and when one breaks off."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from workbook.cloud.stacks import Stacks

ORDERS = json.dumps({"Resources": {"Orders": {"Type": "AWS::SQS::Queue"}}})
PATIENCE = 20.0  # seconds; only a test that fails waits so long


class Gate:
    """An AWS whose SQS answers when it is let."""

    def __init__(self, aws: Callable[[str], Any]) -> None:
        self.open = threading.Event()
        self.reached = threading.Event()
        self._aws = aws

    def client(self, service: str) -> Any:
        if service == "sqs":
            self.reached.set()
            assert self.open.wait(PATIENCE)
        return self._aws(service)


@pytest.fixture
def gate(aws: Callable[[str], Any], fresh: None) -> Gate:
    return Gate(aws)


@pytest.fixture
def stacks(gate: Gate) -> Iterator[Stacks]:
    """Stacks behind the gate; the client in `cloudformation` reaches these."""
    stacks = Stacks(gate.client, held=0.0)
    yield stacks
    gate.open.set()
    assert stacks.wait_until_quiet(PATIENCE)


@pytest.fixture
def creating(cloudformation: Any, gate: Gate) -> Any:
    """A client of a stack that is being created."""
    cloudformation.create_stack(StackName="shop", TemplateBody=ORDERS)
    assert gate.reached.wait(PATIENCE)
    return cloudformation


def status(client: Any, name: str = "shop") -> str:
    return client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]


def test_calls_return_while_the_work_goes_on(creating, stacks, gate):
    assert status(creating) == "CREATE_IN_PROGRESS"
    assert stacks.in_flight() == 1
    gate.open.set()
    assert stacks.wait_until_quiet(PATIENCE)
    assert stacks.in_flight() == 0
    assert status(creating) == "CREATE_COMPLETE"


def test_who_asks_for_one_stack_is_answered_when_it_is_settled(front, gate):
    """So a waiter sees the end when it looks first, and does not sleep its 30 seconds."""
    asked, client = front
    asked[:] = [Stacks(gate.client, held=PATIENCE)]
    client.create_stack(StackName="shop", TemplateBody=ORDERS)
    assert gate.reached.wait(PATIENCE)
    [listed] = client.describe_stacks()["Stacks"]
    assert listed["StackStatus"] == "CREATE_IN_PROGRESS"
    opening = threading.Timer(0.1, gate.open.set)
    opening.start()
    once = {"Delay": 30, "MaxAttempts": 1}
    client.get_waiter("stack_create_complete").wait(StackName="shop", WaiterConfig=once)
    client.delete_stack(StackName="shop")
    client.get_waiter("stack_delete_complete").wait(StackName="shop", WaiterConfig=once)
    opening.join()


def test_a_stack_in_progress_cannot_be_updated(creating):
    with pytest.raises(ClientError, match="is in CREATE_IN_PROGRESS state and can not be updated"):
        creating.update_stack(StackName="shop", TemplateBody=ORDERS)


def test_a_stack_that_is_being_created_is_deleted_afterwards(creating, stacks, gate, aws):
    [stack] = creating.describe_stacks(StackName="shop")["Stacks"]
    creating.delete_stack(StackName="shop")
    creating.delete_stack(StackName="shop")
    gate.open.set()
    assert stacks.wait_until_quiet(PATIENCE)
    assert status(creating, stack["StackId"]) == "DELETE_COMPLETE"
    assert "QueueUrls" not in aws("sqs").list_queues()


def test_other_stacks_do_not_wait(creating, stacks):
    topic = json.dumps({"Resources": {"News": {"Type": "AWS::SNS::Topic"}}})
    creating.create_stack(StackName="news", TemplateBody=topic)
    creating.get_waiter("stack_create_complete").wait(
        StackName="news", WaiterConfig={"Delay": 0.02, "MaxAttempts": 500}
    )
    assert status(creating) == "CREATE_IN_PROGRESS"


def test_a_fault_of_ours_fails_the_resource_and_rolls_the_stack_back(cloudformation, front):
    asked, _ = front

    def no_client(service: str) -> Any:
        raise RuntimeError(f"no {service} today")

    asked[:] = [Stacks(no_client)]
    cloudformation.create_stack(StackName="shop", TemplateBody=ORDERS)
    assert asked[0].wait_until_quiet(PATIENCE)
    assert status(cloudformation) == "ROLLBACK_COMPLETE"
    [detail] = cloudformation.describe_stack_resources(StackName="shop")["StackResources"]
    assert "no sqs today" in detail["ResourceStatusReason"]


def test_a_fault_between_resources_does_not_leave_a_stack_in_progress_for_ever(
    cloudformation, stacks, gate, monkeypatch
):
    gate.open.set()

    def broken(*_: Any) -> Any:
        raise RuntimeError("a slip")

    monkeypatch.setattr("workbook.cloud.stacks.deployment.resolve_outputs", broken)
    cloudformation.create_stack(StackName="shop", TemplateBody=ORDERS)
    assert stacks.wait_until_quiet(PATIENCE)
    [stack] = cloudformation.describe_stacks(StackName="shop")["Stacks"]
    assert stack["StackStatus"] == "CREATE_FAILED"
    assert "a slip" in stack["StackStatusReason"]
