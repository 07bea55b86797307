"""Updates: what is changed in place, what is made anew, and the way back when one fails."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from stack_cases import Tags

QUEUE = {"Type": "AWS::SQS::Queue"}
BAD = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "not a name"}}


def queue(**properties):
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def table(key, **more):
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"}],
            **more,
        },
    }


def resources(**named):
    return {"Resources": named}


def attributes(aws, url):
    return aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def names(aws):
    return sorted(url.rpartition("/")[2] for url in aws("sqs").list_queues().get("QueueUrls", []))


def history(shop, logical_id="shop"):
    events = shop.client.describe_stack_events(StackName="shop")["StackEvents"]
    return [
        (event["ResourceStatus"], event.get("ResourceStatusReason", ""))
        for event in reversed(events)
        if event["LogicalResourceId"] == logical_id
    ]


def test_a_changed_property_is_changed_in_place(shop, aws):
    shop.create(resources(Orders=queue(VisibilityTimeout=30)))
    url = shop.resource("Orders")
    assert shop.update(resources(Orders=queue(VisibilityTimeout=90)))["StackStatus"] == (
        "UPDATE_COMPLETE"
    )
    assert shop.resource("Orders") == url
    assert attributes(aws, url)["VisibilityTimeout"] == "90"


def test_a_property_that_is_taken_away_goes_back_to_its_default(shop, aws):
    shop.create(resources(Orders=queue(VisibilityTimeout=90)))
    shop.update(resources(Orders=queue(DelaySeconds=1)))
    now = attributes(aws, shop.resource("Orders"))
    assert (now["VisibilityTimeout"], now["DelaySeconds"]) == ("30", "1")


def test_an_update_passes_through_its_statuses(shop):
    shop.create(resources(Orders=QUEUE))
    shop.update(resources(Orders=QUEUE, Returns=QUEUE))
    assert [status for status, _ in history(shop)][2:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]


@pytest.mark.parametrize(
    "same",
    [
        resources(Orders=queue(VisibilityTimeout=30)),
        resources(Orders=queue(VisibilityTimeout="30")),
        {"Description": "the same", **resources(Orders=queue(VisibilityTimeout=30))},
    ],
    ids=["the same", "a number as text", "another description"],
)
def test_an_update_that_changes_nothing_is_refused(shop, same):
    shop.create(resources(Orders=queue(VisibilityTimeout=30)))
    with pytest.raises(ClientError, match=r"No updates are to be performed\.") as refused:
        shop.update(same)
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_outputs_alone_are_an_update(shop):
    shop.create(resources(Orders=QUEUE))
    shop.update({**resources(Orders=QUEUE), "Outputs": {"Stack": {"Value": "shop"}}})
    assert shop.outputs() == {"Stack": "shop"}


def test_a_new_key_replaces_the_table_and_what_refers_to_it_follows(shop, aws):
    following = queue(Tags=[{"Key": "table", "Value": {"Ref": "Items"}}])
    shop.create(resources(Items=table("item_id"), Orders=following))
    old, url = shop.resource("Items"), shop.resource("Orders")

    shop.update(resources(Items=table("sku"), Orders=following))
    new = shop.resource("Items")
    assert new != old
    assert aws("dynamodb").list_tables()["TableNames"] == [new]
    assert shop.resource("Orders") == url
    assert Tags(aws("sqs").list_queue_tags(QueueUrl=url)["Tags"]) == {"table": new}
    assert [status for status, _ in history(shop, "Items")][3:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE",
        "DELETE_IN_PROGRESS",
        "DELETE_COMPLETE",
    ]
    assert history(shop, "Items")[3][1] == (
        "Requested update requires the creation of a new physical resource; hence creating one."
    )


def test_a_superseded_resource_can_be_retained(shop, aws):
    kept = {"UpdateReplacePolicy": "Retain"}
    shop.create(resources(Items={**table("item_id"), **kept}))
    old = shop.resource("Items")
    shop.update(resources(Items={**table("sku"), **kept}))
    assert set(aws("dynamodb").list_tables()["TableNames"]) == {old, shop.resource("Items")}


def test_a_named_resource_cannot_be_replaced_under_its_name(shop, aws):
    shop.create(resources(Items=table("item_id", TableName="items")))
    stack = shop.update(resources(Items=table("sku", TableName="items")))
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert shop.failures()["Items"] == (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        "Rename items and update the stack again."
    )
    [key] = aws("dynamodb").describe_table(TableName="items")["Table"]["KeySchema"]
    assert key["AttributeName"] == "item_id"


def test_renaming_replaces(shop, aws):
    shop.create(resources(Orders=queue(QueueName="orders")))
    shop.update(resources(Orders=queue(QueueName="sales")))
    assert names(aws) == ["sales"]


def test_what_a_template_no_longer_names_is_deleted_last(shop, aws):
    shop.create(resources(Orders=queue(QueueName="orders"), Returns=queue(QueueName="returns")))
    shop.update(resources(Returns=queue(QueueName="returns")))
    assert names(aws) == ["returns"]
    events = [
        event["LogicalResourceId"] + " " + event["ResourceStatus"]
        for event in shop.client.describe_stack_events(StackName="shop")["StackEvents"]
    ]
    cleanup = events.index("shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    assert events.index("Orders DELETE_COMPLETE") < cleanup, "newest first"


def test_a_failed_update_goes_all_the_way_back(shop, aws):
    before = resources(
        Orders=queue(VisibilityTimeout=30), Items=table("item_id"), Returns=queue(QueueName="back")
    )
    shop.create(before)
    url, name = shop.resource("Orders"), shop.resource("Items")
    stack = shop.update(
        resources(
            Orders=queue(VisibilityTimeout=90),
            Items=table("sku"),
            Extra=queue(QueueName="extra"),
            Bad={**BAD, "DependsOn": ["Orders", "Items", "Extra"]},
        )
    )

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert [status for status, _ in history(shop)][3:] == [
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
    assert attributes(aws, url)["VisibilityTimeout"] == "30"
    assert aws("dynamodb").list_tables()["TableNames"] == [name]
    assert shop.resource("Items") == name
    assert names(aws) == sorted(["back", url.rpartition("/")[2]])
    again = shop.client.get_template(StackName="shop")["TemplateBody"]
    assert set(again["Resources"]) == {"Orders", "Items", "Returns"}
    assert shop.delete()["StackStatus"] == "DELETE_COMPLETE"
    assert names(aws) == []


def test_a_rolled_back_update_can_be_tried_again(shop, aws):
    shop.create(resources(Orders=QUEUE))
    shop.update(resources(Orders=QUEUE, Extra=BAD))
    assert shop.update(resources(Orders=QUEUE, Extra=QUEUE))["StackStatus"] == "UPDATE_COMPLETE"
    assert len(names(aws)) == 2


def test_an_update_without_rollback_stays_where_it_failed(shop, aws):
    shop.create(resources(Orders=queue(VisibilityTimeout=30)))
    wanted = resources(Orders=queue(VisibilityTimeout=90), Bad={**BAD, "DependsOn": "Orders"})
    assert shop.update(wanted, DisableRollback=True)["StackStatus"] == "UPDATE_FAILED"
    assert attributes(aws, shop.resource("Orders"))["VisibilityTimeout"] == "90"

    mended = resources(Orders=queue(VisibilityTimeout=90), Bad=QUEUE)
    assert shop.update(mended)["StackStatus"] == "UPDATE_COMPLETE"


def test_a_resource_cannot_become_one_of_another_type(shop):
    shop.create(resources(Orders=QUEUE))
    with pytest.raises(ClientError, match=r"modifies resource type .* \[Orders\]"):
        shop.update(resources(Orders={"Type": "AWS::SNS::Topic"}))


def test_the_previous_template_and_values_can_be_used_again(shop, aws):
    template = {
        "Parameters": {"Patience": {"Type": "Number"}, "Delay": {"Type": "Number"}},
        **resources(
            Orders=queue(VisibilityTimeout={"Ref": "Patience"}, DelaySeconds={"Ref": "Delay"})
        ),
    }
    shop.create(
        template,
        Parameters=[
            {"ParameterKey": "Patience", "ParameterValue": "40"},
            {"ParameterKey": "Delay", "ParameterValue": "1"},
        ],
    )
    shop.client.update_stack(
        StackName="shop",
        UsePreviousTemplate=True,
        Parameters=[
            {"ParameterKey": "Patience", "UsePreviousValue": True},
            {"ParameterKey": "Delay", "ParameterValue": "2"},
        ],
    )
    shop.settled()
    now = attributes(aws, shop.resource("Orders"))
    assert (now["VisibilityTimeout"], now["DelaySeconds"]) == ("40", "2")


def test_resources_are_deleted_in_the_order_of_the_latest_template(shop):
    shop.create(resources(Sales={"Type": "AWS::SNS::Topic"}))
    policy = {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {
            "Topics": [{"Ref": "Sales"}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": []},
        },
    }
    shop.update(
        resources(
            Sales={
                "Type": "AWS::SNS::Topic",
                "Properties": {
                    "Subscription": [
                        {"Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Inbox", "Arn"]}}
                    ]
                },
            },
            Policy=policy,
            Inbox=QUEUE,
        )
    )
    stack_id = shop.delete()["StackId"]
    events = shop.client.describe_stack_events(StackName=stack_id)["StackEvents"]
    deleted = [
        event["LogicalResourceId"]
        for event in reversed(events)
        if event["ResourceStatus"] == "DELETE_COMPLETE"
    ]
    assert deleted == ["Policy", "Sales", "Inbox", "shop"]
