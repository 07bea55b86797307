"""Change sets, as boto3 and `aws cloudformation deploy` use them."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

QUEUE = {"Type": "AWS::SQS::Queue"}


def queue(**properties):
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


@pytest.fixture
def propose(shop):
    """Create a change set and describe it."""

    def propose(resources, name="change", **more):
        shop.client.create_change_set(
            StackName="shop",
            ChangeSetName=name,
            TemplateBody=json.dumps({"Resources": resources}),
            **more,
        )
        return shop.client.describe_change_set(StackName="shop", ChangeSetName=name)

    return propose


@pytest.fixture
def execute(shop):
    def execute(name="change"):
        shop.client.execute_change_set(StackName="shop", ChangeSetName=name)
        return shop.settled()["StackStatus"]

    return execute


def test_a_stack_is_created_by_change_set(shop, aws, propose, execute):
    proposed = propose({"Orders": QUEUE}, ChangeSetType="CREATE", Description="the first")
    assert (proposed["Status"], proposed["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert proposed["Description"] == "the first"
    [change] = proposed["Changes"]
    assert change["ResourceChange"]["Action"] == "Add"
    assert change["ResourceChange"]["ResourceType"] == "AWS::SQS::Queue"
    assert shop.stack()["StackStatus"] == "REVIEW_IN_PROGRESS"
    assert "QueueUrls" not in aws("sqs").list_queues()

    assert execute() == "CREATE_COMPLETE"
    assert len(aws("sqs").list_queues()["QueueUrls"]) == 1
    assert shop.stack()["ChangeSetId"] == proposed["ChangeSetId"]


def test_a_change_set_says_what_an_update_would_do_and_does_it(shop, aws, propose, execute):
    shop.create(
        {
            "Resources": {
                "Orders": queue(VisibilityTimeout=30),
                "Sales": queue(QueueName="sales"),
                "Returns": QUEUE,
            }
        }
    )
    wanted = {
        "Orders": queue(VisibilityTimeout=90),
        "Sales": queue(QueueName="deals"),
        "Extra": QUEUE,
    }
    changes = [change["ResourceChange"] for change in propose(wanted)["Changes"]]
    said = {
        change["LogicalResourceId"]: (change["Action"], change.get("Replacement"))
        for change in changes
    }
    assert said == {
        "Orders": ("Modify", "False"),
        "Sales": ("Modify", "True"),
        "Extra": ("Add", None),
        "Returns": ("Remove", None),
    }
    [detail] = changes[1]["Details"]
    assert detail["Target"] == {
        "Attribute": "Properties",
        "Name": "QueueName",
        "RequiresRecreation": "Always",
    }
    assert execute() == "UPDATE_COMPLETE"
    names = {url.rpartition("/")[2] for url in aws("sqs").list_queues()["QueueUrls"]}
    assert "deals" in names
    assert "sales" not in names


def test_what_refers_to_a_replaced_resource_changes_with_it(shop, propose):
    dead_letters = {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "maxReceiveCount": 3}
    orders = queue(RedrivePolicy=dead_letters)
    shop.create({"Resources": {"Dead": queue(QueueName="dead"), "Orders": orders}})
    changes = propose({"Dead": queue(QueueName="buried"), "Orders": orders})["Changes"]
    orders_change = changes[1]["ResourceChange"]
    assert orders_change["LogicalResourceId"] == "Orders"
    assert orders_change["Replacement"] == "False"
    assert orders_change["Details"][0]["Evaluation"] == "Dynamic"


def test_a_change_set_without_changes_fails_in_the_words_that_the_cli_looks_for(shop, propose):
    shop.create({"Resources": {"Orders": QUEUE}})
    proposed = propose({"Orders": QUEUE})
    assert (proposed["Status"], proposed["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert proposed["StatusReason"].startswith("The submitted information didn't contain changes.")
    with pytest.raises(ClientError, match="cannot be executed in its current status") as refused:
        shop.client.execute_change_set(StackName="shop", ChangeSetName="change")
    assert refused.value.response["Error"]["Code"] == "InvalidChangeSetStatus"


def test_change_sets_are_listed_and_deleted(shop, propose):
    shop.create({"Resources": {"Orders": QUEUE}})
    propose({"Orders": QUEUE, "Extra": QUEUE}, name="one")
    propose({"Orders": QUEUE, "Other": QUEUE}, name="two")

    def listed():
        found = shop.client.list_change_sets(StackName="shop")["Summaries"]
        return [each["ChangeSetName"] for each in found]

    assert listed() == ["one", "two"]
    with pytest.raises(ClientError, match="ChangeSet one already exists"):
        propose({"Orders": QUEUE}, name="one")
    shop.client.delete_change_set(StackName="shop", ChangeSetName="one")
    assert listed() == ["two"]
    with pytest.raises(ClientError, match=r"ChangeSet \[one\] does not exist") as refused:
        shop.client.describe_change_set(StackName="shop", ChangeSetName="one")
    assert refused.value.response["Error"]["Code"] == "ChangeSetNotFound"


def test_executing_one_change_set_ends_the_others(shop, propose, execute):
    shop.create({"Resources": {"Orders": QUEUE}})
    propose({"Orders": QUEUE, "Extra": QUEUE}, name="one")
    propose({"Orders": QUEUE, "Other": QUEUE}, name="two")
    execute("one")
    with pytest.raises(ClientError, match=r"ChangeSet \[two\] does not exist"):
        execute("two")


def test_a_change_sets_template_can_be_read_before_it_is_executed(shop, propose):
    shop.create({"Resources": {"Orders": QUEUE}})
    propose({"Orders": QUEUE, "Extra": QUEUE})
    read = shop.client.get_template(StackName="shop", ChangeSetName="change")["TemplateBody"]
    assert set(read["Resources"]) == {"Orders", "Extra"}


def test_the_kind_of_a_change_set_must_fit_the_stack(shop, propose):
    with pytest.raises(ClientError, match=r"Stack \[shop\] does not exist"):
        propose({"Orders": QUEUE}, ChangeSetType="UPDATE")
    shop.create({"Resources": {"Orders": QUEUE}})
    with pytest.raises(ClientError, match="Stack shop already exists"):
        propose({"Orders": QUEUE}, ChangeSetType="CREATE")
    with pytest.raises(ClientError, match="change sets that import: IMPORT"):
        propose({"Orders": QUEUE}, ChangeSetType="IMPORT")


def test_a_stack_under_review_can_be_deleted(shop, propose):
    propose({"Orders": QUEUE}, ChangeSetType="CREATE")
    assert shop.delete()["StackStatus"] == "DELETE_COMPLETE"


def test_a_template_that_is_refused_leaves_no_stack_under_review(shop, propose):
    with pytest.raises(ClientError, match="Unrecognized resource types"):
        propose({"It": {"Type": "AWS::EC2::Instance"}}, ChangeSetType="CREATE")
    assert shop.client.describe_stacks()["Stacks"] == []
