"""What one stack gives to another: exports, imports, and what holds them together."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from stack_cases import Tags

QUEUE = {"Type": "AWS::SQS::Queue"}


def exporting(value="warehouse", name="shop-place"):
    return {
        "Resources": {"Orders": QUEUE},
        "Outputs": {"Place": {"Value": value, "Export": {"Name": name}}},
    }


IMPORTING = {
    "Resources": {
        "Inbox": {
            "Type": "AWS::SQS::Queue",
            "Properties": {"Tags": [{"Key": "place", "Value": {"Fn::ImportValue": "shop-place"}}]},
        }
    }
}


@pytest.fixture
def both(shop):
    shop.create(exporting())
    shop.create(IMPORTING, name="branch")
    return shop


def test_an_export_is_listed_and_imported(both, aws):
    [export] = both.client.list_exports()["Exports"]
    assert (export["Name"], export["Value"]) == ("shop-place", "warehouse")
    assert export["ExportingStackId"] == both.stack()["StackId"]
    assert both.client.list_imports(ExportName="shop-place")["Imports"] == ["branch"]
    tags = Tags(aws("sqs").list_queue_tags(QueueUrl=both.resource("Inbox", "branch"))["Tags"])
    assert tags == {"place": "warehouse"}


def test_a_stack_whose_export_is_in_use_is_not_deleted(both):
    kept = both.delete()
    assert kept["StackStatus"] == "CREATE_COMPLETE"
    assert kept["StackStatusReason"] == (
        "Delete canceled. Cannot delete export shop-place as it is in use by branch."
    )
    both.delete("branch")
    assert both.delete()["StackStatus"] == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (exporting(value="harbour"), "Cannot update export shop-place as it is in use by branch."),
        (exporting(name="other"), "Cannot delete export shop-place as it is in use by branch."),
    ],
)
def test_an_export_in_use_does_not_change(both, changed, reason):
    stack = both.update(changed)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    events = both.client.describe_stack_events(StackName="shop")["StackEvents"]
    assert reason in [event.get("ResourceStatusReason") for event in events]
    assert both.client.list_exports()["Exports"][0]["Value"] == "warehouse"


def test_an_export_that_nobody_imports_changes_freely(shop):
    shop.create(exporting())
    shop.update(exporting(value="harbour"))
    assert shop.client.list_exports()["Exports"][0]["Value"] == "harbour"
    with pytest.raises(ClientError, match="Export 'shop-place' is not imported by any stack"):
        shop.client.list_imports(ExportName="shop-place")


def test_an_export_has_one_owner(shop):
    shop.create(exporting())
    second = shop.create(exporting(), name="second")
    assert second["StackStatus"] == "ROLLBACK_COMPLETE"
    events = shop.client.describe_stack_events(StackName="second")["StackEvents"]
    assert any(
        "Export with name shop-place is already exported by stack shop"
        in event.get("ResourceStatusReason", "")
        for event in events
    )


def test_importing_what_nobody_exports_fails(shop):
    shop.create(IMPORTING)
    assert shop.failures()["Inbox"] == "No export named shop-place found."
