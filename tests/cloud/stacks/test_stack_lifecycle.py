"""A stack's life, as boto3 sees it: made, changed, taken down, rolled back."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError
from stack_cases import Tags

QUEUE = {"Type": "AWS::SQS::Queue"}
UNREDEEMABLE = {  # SQS refuses it when it is made
    "Type": "AWS::SQS::Queue",
    "Properties": {"QueueName": "not a name"},
}
SHOP = {
    "Description": "An inventory shop",
    "Resources": {
        "Items": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [{"AttributeName": "item_id", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "item_id", "AttributeType": "S"}],
            },
        },
        "Pictures": {"Type": "AWS::S3::Bucket"},
        "Orders": QUEUE,
    },
}


def statuses(shop, name="shop", logical_id=None):
    events = shop.client.describe_stack_events(StackName=name)["StackEvents"]
    wanted = logical_id or name
    return [
        event["ResourceStatus"]
        for event in reversed(events)
        if event["LogicalResourceId"] == wanted
    ]


def test_a_stack_makes_its_resources_under_generated_names(shop, aws):
    assert shop.create(SHOP)["StackStatus"] == "CREATE_COMPLETE"

    table, bucket = shop.resource("Items"), shop.resource("Pictures")
    assert table.startswith("shop-Items-")
    assert bucket.startswith("shop-pictures-")
    assert aws("dynamodb").list_tables()["TableNames"] == [table]
    assert [each["Name"] for each in aws("s3").list_buckets()["Buckets"]] == [bucket]
    assert aws("sqs").list_queues()["QueueUrls"] == [shop.resource("Orders")]


def test_generated_names_are_the_same_for_the_same_source_of_ids(shop):
    shop.create(SHOP)
    assert shop.resource("Items") == "shop-Items-NKkSuHcEHbCl"


def test_deleting_a_stack_leaves_nothing(shop, aws):
    shop.create(SHOP)
    assert shop.delete()["StackStatus"] == "DELETE_COMPLETE"

    assert aws("dynamodb").list_tables()["TableNames"] == []
    assert aws("s3").list_buckets()["Buckets"] == []
    assert "QueueUrls" not in aws("sqs").list_queues()
    with pytest.raises(ClientError, match="Stack with id shop does not exist") as refused:
        shop.stack("shop")
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_boto3s_waiters_see_creation_update_and_deletion_through(cloudformation):

    def wait(waiter):
        cloudformation.get_waiter(waiter).wait(
            StackName="shop", WaiterConfig={"Delay": 0.02, "MaxAttempts": 500}
        )

    cloudformation.create_stack(StackName="shop", TemplateBody=json.dumps(SHOP))
    wait("stack_exists")
    wait("stack_create_complete")
    more = {**SHOP, "Resources": {**SHOP["Resources"], "Returns": QUEUE}}
    cloudformation.update_stack(StackName="shop", TemplateBody=json.dumps(more))
    wait("stack_update_complete")
    cloudformation.delete_stack(StackName="shop")
    wait("stack_delete_complete")


def test_events_tell_the_story_newest_first(shop):
    shop.create({"Resources": {"Orders": QUEUE}})
    assert statuses(shop) == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    assert statuses(shop, logical_id="Orders") == [
        "CREATE_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "CREATE_COMPLETE",
    ]
    newest = shop.client.describe_stack_events(StackName="shop")["StackEvents"][0]
    assert (newest["ResourceType"], newest["ResourceStatus"]) == (
        "AWS::CloudFormation::Stack",
        "CREATE_COMPLETE",
    )


def test_a_failed_creation_is_rolled_back(shop, aws):
    template = {"Resources": {"Orders": QUEUE, "Bad": {**UNREDEEMABLE, "DependsOn": "Orders"}}}
    stack = shop.create(template)

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert statuses(shop) == ["CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"]
    failures = shop.failures()
    assert "Can only include alphanumeric characters" in failures["Bad"]
    assert "QueueUrls" not in aws("sqs").list_queues()
    with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        shop.update(SHOP)
    assert shop.delete()["StackStatus"] == "DELETE_COMPLETE"


def test_the_reason_of_a_rollback_names_what_failed(shop):
    shop.create({"Resources": {"Bad": UNREDEEMABLE}})
    events = shop.client.describe_stack_events(StackName="shop")["StackEvents"]
    reasons = {event["ResourceStatus"]: event.get("ResourceStatusReason") for event in events}
    assert (
        reasons["ROLLBACK_IN_PROGRESS"]
        == "The following resource(s) failed to create: [Bad]. Rollback requested by user."
    )


@pytest.mark.parametrize(
    ("option", "status", "left"),
    [
        ({"OnFailure": "DO_NOTHING"}, "CREATE_FAILED", 1),
        ({"DisableRollback": True}, "CREATE_FAILED", 1),
        ({"OnFailure": "ROLLBACK"}, "ROLLBACK_COMPLETE", 0),
        ({"OnFailure": "DELETE"}, "DELETE_COMPLETE", 0),
    ],
)
def test_what_happens_on_failure_can_be_chosen(shop, aws, stacks, option, status, left):
    template = {"Resources": {"Orders": QUEUE, "Bad": {**UNREDEEMABLE, "DependsOn": "Orders"}}}

    stack_id = shop.client.create_stack(
        StackName="shop", TemplateBody=json.dumps(template), **option
    )["StackId"]
    assert shop.settled(stack_id)["StackStatus"] == status
    assert len(aws("sqs").list_queues().get("QueueUrls", [])) == left


def test_a_stack_that_failed_without_rollback_can_be_mended(shop):
    shop.create({"Resources": {"Orders": QUEUE, "Bad": UNREDEEMABLE}}, DisableRollback=True)
    mended = shop.update({"Resources": {"Orders": QUEUE, "Bad": QUEUE}})
    assert mended["StackStatus"] == "UPDATE_COMPLETE"
    assert shop.resource("Bad")


def test_a_resource_that_was_made_in_part_is_deleted_with_the_rest(shop, aws):
    topic = {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "BucketName": "pictures",
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"KMSMasterKeyID": "without an algorithm"}}
                ]
            },
        },
    }
    assert shop.create({"Resources": {"Pictures": topic}})["StackStatus"] == "ROLLBACK_COMPLETE"
    assert aws("s3").list_buckets()["Buckets"] == []


@pytest.mark.parametrize(
    ("kind", "properties", "make"),
    [
        ("SQS::Queue", {"QueueName": "orders"}, ("sqs", "create_queue", {"QueueName": "orders"})),
        ("SNS::Topic", {"TopicName": "sales"}, ("sns", "create_topic", {"Name": "sales"})),
        ("S3::Bucket", {"BucketName": "photos"}, ("s3", "create_bucket", {"Bucket": "photos"})),
        (
            "Events::Rule",
            {"Name": "nightly", "ScheduleExpression": "rate(1 day)"},
            ("events", "put_rule", {"Name": "nightly", "ScheduleExpression": "rate(1 day)"}),
        ),
    ],
)
def test_what_others_made_is_neither_taken_over_nor_deleted(shop, aws, kind, properties, make):
    service, call, arguments = make
    getattr(aws(service), call)(**arguments)
    template = {"Resources": {"It": {"Type": f"AWS::{kind}", "Properties": properties}}}

    assert shop.create(template)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "already exists." in shop.failures()["It"]
    assert "HandlerErrorCode: AlreadyExists" in shop.failures()["It"]
    shop.delete()
    again = shop.create(template, name="again")
    assert again["StackStatus"] == "ROLLBACK_COMPLETE", "the first stack deleted what was not its"


def test_a_name_is_taken_while_its_stack_lives(shop):
    shop.create({"Resources": {"Orders": QUEUE}})
    with pytest.raises(ClientError, match=r"Stack \[shop\] already exists") as refused:
        shop.create({"Resources": {"Orders": QUEUE}})
    assert refused.value.response["Error"]["Code"] == "AlreadyExistsException"
    shop.delete()
    assert shop.create({"Resources": {"Orders": QUEUE}})["StackStatus"] == "CREATE_COMPLETE"


def test_deleting_what_does_not_exist_is_no_error(cloudformation):
    cloudformation.delete_stack(StackName="nobody")


def test_termination_protection_keeps_a_stack(shop):
    shop.create({"Resources": {"Orders": QUEUE}}, EnableTerminationProtection=True)
    with pytest.raises(
        ClientError,
        match=r"Stack \[shop\] cannot be deleted while TerminationProtection is enabled",
    ):
        shop.delete()
    shop.client.update_termination_protection(StackName="shop", EnableTerminationProtection=False)
    assert shop.delete()["StackStatus"] == "DELETE_COMPLETE"


def test_a_stack_whose_resource_cannot_go_says_so_and_can_let_it_be(shop, aws):
    shop.create({"Resources": {"Pictures": {"Type": "AWS::S3::Bucket"}, "Orders": QUEUE}})
    bucket = shop.resource("Pictures")
    aws("s3").put_object(Bucket=bucket, Key="cat.png", Body=b"meow")

    failed = shop.delete()
    assert failed["StackStatus"] == "DELETE_FAILED"
    assert failed["StackStatusReason"].startswith(
        "The following resource(s) failed to delete: [Pictures]."
    )
    assert "QueueUrls" not in aws("sqs").list_queues()

    assert shop.delete(RetainResources=["Pictures"])["StackStatus"] == "DELETE_COMPLETE"
    assert [each["Name"] for each in aws("s3").list_buckets()["Buckets"]] == [bucket]


def test_what_was_deleted_behind_the_stacks_back_is_no_obstacle(shop, aws):
    shop.create(SHOP)
    aws("dynamodb").delete_table(TableName=shop.resource("Items"))
    aws("s3").delete_bucket(Bucket=shop.resource("Pictures"))
    aws("sqs").delete_queue(QueueUrl=shop.resource("Orders"))
    assert shop.delete()["StackStatus"] == "DELETE_COMPLETE"


def test_a_retained_resource_outlives_its_stack(shop, aws):
    kept = {**QUEUE, "DeletionPolicy": "Retain", "Properties": {"QueueName": "orders"}}
    shop.create({"Resources": {"Orders": kept, "Returns": QUEUE}})
    stack_id = shop.delete()["StackId"]

    assert [url.rpartition("/")[2] for url in aws("sqs").list_queues()["QueueUrls"]] == ["orders"]
    assert statuses(shop, stack_id, "Orders")[-1] == "DELETE_SKIPPED"


@pytest.mark.parametrize(("policy", "left"), [("Retain", 1), ("RetainExceptOnCreate", 0)])
def test_retain_holds_in_a_rollback_unless_it_excepts_creation(shop, aws, policy, left):
    kept = {**QUEUE, "DeletionPolicy": policy}
    shop.create({"Resources": {"Orders": kept, "Bad": {**UNREDEEMABLE, "DependsOn": "Orders"}}})
    assert len(aws("sqs").list_queues().get("QueueUrls", [])) == left


def test_stacks_are_listed_by_status(shop):
    shop.create({"Resources": {"Orders": QUEUE}}, name="one")
    shop.create({"Resources": {"Orders": QUEUE}}, name="two")
    shop.delete("one")

    def listed(*statuses):
        found = shop.client.list_stacks(StackStatusFilter=list(statuses))
        return [stack["StackName"] for stack in found["StackSummaries"]]

    assert listed("CREATE_COMPLETE") == ["two"]
    assert listed("DELETE_COMPLETE") == ["one"]
    assert listed() == ["two", "one"]
    described = shop.client.describe_stacks()["Stacks"]
    assert [stack["StackName"] for stack in described] == ["two"]


def test_resources_are_described_one_by_one_and_together(shop):
    shop.create({"Resources": {"Orders": {**QUEUE, "Metadata": {"owner": "sales"}}}})
    url = shop.resource("Orders")
    client = shop.client

    detail = client.describe_stack_resource(StackName="shop", LogicalResourceId="Orders")
    assert detail["StackResourceDetail"]["Metadata"] == '{"owner": "sales"}'
    [summary] = client.list_stack_resources(StackName="shop")["StackResourceSummaries"]
    [found] = client.describe_stack_resources(StackName="shop")["StackResources"]
    [by_id] = client.describe_stack_resources(PhysicalResourceId=url)["StackResources"]
    for shown in (summary, found, by_id):
        assert shown["PhysicalResourceId"] == url
        assert shown["ResourceStatus"] == "CREATE_COMPLETE"
    with pytest.raises(ClientError, match="Resource Missing does not exist for stack shop"):
        client.describe_stack_resource(StackName="shop", LogicalResourceId="Missing")


def test_a_stacks_tags_reach_its_resources(shop, aws):
    tag = {"Key": "team", "Value": "sales"}
    stack = shop.create({"Resources": {"Orders": QUEUE}}, Tags=[tag])
    assert stack["Tags"] == [tag]
    orders = shop.resource("Orders")
    assert Tags(aws("sqs").list_queue_tags(QueueUrl=orders)["Tags"]) == {"team": "sales"}

    shop.update({"Resources": {"Orders": QUEUE}}, Tags=[{"Key": "team", "Value": "stock"}])
    assert Tags(aws("sqs").list_queue_tags(QueueUrl=orders)["Tags"]) == {"team": "stock"}


def test_a_template_is_kept_and_read_from_the_clouds_own_bucket(shop, aws):

    body = json.dumps(SHOP)
    aws("s3").create_bucket(Bucket="templates")
    aws("s3").put_object(Bucket="templates", Key="shop/template.json", Body=body.encode())
    for number, url in enumerate(
        (
            "https://s3.amazonaws.com/templates/shop/template.json",
            "https://s3.us-east-1.amazonaws.com/templates/shop/template.json",
            "https://templates.s3.us-east-1.amazonaws.com/shop/template.json",
            "http://127.0.0.1:4566/templates/shop/template.json",
        )
    ):
        name = f"shop{number}"
        shop.client.create_stack(StackName=name, TemplateURL=url)
        assert shop.settled(name)["StackStatus"] == "CREATE_COMPLETE"
        kept = shop.client.get_template(StackName=name)["TemplateBody"]
        assert kept == SHOP  # boto3 reads JSON templates
    with pytest.raises(ClientError, match="S3 error: The specified key does not exist"):
        shop.client.create_stack(
            StackName="none", TemplateURL="https://s3.amazonaws.com/templates/none.json"
        )


def test_iam_resources_must_be_acknowledged(shop):
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
    }
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_IAM\]") as refused:
        shop.create({"Resources": {"Seller": role}})
    assert refused.value.response["Error"]["Code"] == "InsufficientCapabilitiesException"

    role["Properties"]["RoleName"] = "seller"
    with pytest.raises(ClientError, match=r"\[CAPABILITY_NAMED_IAM\]"):
        shop.create({"Resources": {"Seller": role}}, Capabilities=["CAPABILITY_IAM"])
