"""DynamoDB's expressions: what AWS refuses is refused, and at once, in its words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from workbook.cloud import LocalCloud
from workbook.cloud.calls import AwsCall
from workbook.cloud.expressions import refused

TEA = {":tea": {"S": "tea"}}


def told(operation: str = "Scan", **parameters: Any) -> str | None:
    """The message of the refusal of a call with this body; None when it may go on."""
    call = AwsCall("dynamodb", operation, "POST", "/", "", "us-east-1", "")
    answer = refused(call, parameters)
    return None if answer is None else str(json.loads(answer.body)["message"])


def used(expression: str) -> dict[str, Any]:
    """Names and values for all the placeholders of an expression."""
    names = {each: "n" for each in ("#n", "#m") if each in expression}
    values = {each: {"S": "v"} for each in (":v", ":w") if each in expression}
    return {
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"ExpressionAttributeValues": values} if values else {}),
    }


@pytest.mark.parametrize(
    "expression",
    [
        "price = :v",
        "price <> :v and (stock >= :w OR not attribute_exists(sold))",
        "#n.#m[3].grams BETWEEN :v AND :w AND price < :v",
        "price IN (:v, :w)",
        "size(tags) > :v",
        "size(#n)<=:v",
        "contains(tags, :v) AND begins_with ( #n , :w )",
        "contains(tags, size(:v))",
        "attribute_type(price, :v)",
        "price = stock",
        "NOT NOT (((price = :v)))",
    ],
)
def test_what_the_grammar_has_is_let_through(expression: str) -> None:
    for kind in ("FilterExpression", "ConditionExpression", "KeyConditionExpression"):
        assert told(**{kind: expression}, **used(expression)) is None


@pytest.mark.parametrize(
    ("expression", "token", "near"),
    [
        ("price == :v", "=", "== :v"),
        ("price = = :v", "=", "= = :v"),
        ("price = ", "<EOF>", "="),
        ("= :v", "=", "= :v"),
        ("price = :v AND", "<EOF>", "AND"),
        ("price = :v)", ")", ":v)"),
        ("(price = :v", "<EOF>", ":v"),
        ("price = :v stock = :v", "stock", ":v stock ="),
        ("price IN :v", ":v", "IN :v"),
        ("price BETWEEN :v, :w", ",", ":v, :w"),
        ("begins_with(price :v)", ":v", "price :v)"),
        ("price = 'tea'", "'", "= 'tea"),
        ("price", "<EOF>", "price"),
        ("tags[x] = :v", "x", "[x]"),
        ("price = 3", "3", "= 3"),
    ],
)
def test_a_mistake_is_shown_where_it_is(expression: str, token: str, near: str) -> None:
    message = f'Invalid FilterExpression: Syntax error; token: "{token}", near: "{near}"'
    assert told(FilterExpression=expression, **used(expression)) == message


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("", "The expression can not be empty;"),
        (" ", "The expression can not be empty;"),
        ("foo(price, :v)", "Invalid function name; function: foo"),
        (
            "begins_with(price)",
            (
                "Incorrect number of operands for operator or function; operator or function: "
                "begins_with, number of operands: 1"
            ),
        ),
        (
            "goods.status = :v",
            "Attribute name is a reserved keyword; reserved keyword: status",
        ),
        ("Year = :v", "Attribute name is a reserved keyword; reserved keyword: Year"),
        (
            "#x = :v",
            (
                "An expression attribute name used in the document path is not defined; "
                "attribute name: #x"
            ),
        ),
        (
            "price = :x",
            "An expression attribute value used in expression is not defined; attribute value: :x",
        ),
    ],
)
@pytest.mark.parametrize("kind", ["KeyConditionExpression", "ConditionExpression"])
def test_other_faults_have_words_of_their_own(kind: str, expression: str, fault: str) -> None:
    assert told("Query", **{kind: expression}, **used(expression)) == f"Invalid {kind}: {fault}"


@pytest.mark.parametrize(
    ("projection", "message"),
    [
        ("price, tags[0].grams", None),
        ("a,,b", 'Syntax error; token: ",", near: ",,b"'),
        ("a,", 'Syntax error; token: "<EOF>", near: ","'),
        ("a b", 'Syntax error; token: "b", near: "a b"'),
        ("a..b", 'Syntax error; token: ".", near: "..b"'),
        ("name", "Attribute name is a reserved keyword; reserved keyword: name"),
    ],
)
def test_projections_are_lists_of_paths(projection: str, message: str | None) -> None:
    wanted = message and f"Invalid ProjectionExpression: {message}"
    assert told("GetItem", ProjectionExpression=projection) == wanted


def test_names_and_values_are_there_to_be_used() -> None:
    unused = "unused in expressions: keys:"
    spare = {":tea": TEA[":tea"], ":spare": {"S": "x"}}
    key = {"KeyConditionExpression": "item_id = :tea"}
    assert told(**key, ExpressionAttributeValues=spare) == (
        f"Value provided in ExpressionAttributeValues {unused} {{:spare}}"
    )
    update = {"UpdateExpression": "SET price = :tea", "ExpressionAttributeValues": TEA}
    assert told(**update, ExpressionAttributeNames={"#p": "price"}) == (
        f"Value provided in ExpressionAttributeNames {unused} {{#p}}"
    )
    assert told(**update) is None
    alone = "ExpressionAttributeValues can only be specified when using expressions"
    assert told(ExpressionAttributeValues=TEA) == alone


def test_expressions_of_many_items_at_once_are_looked_at_too() -> None:
    bad = {"TableName": "shop", "ProjectionExpression": "status"}
    message = "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword"
    assert told("BatchGetItem", RequestItems={"shop": bad}) == f"{message}: status"
    assert told("TransactGetItems", TransactItems=[{"Get": {}}, {"Get": bad}]) == (
        f"{message}: status"
    )
    for other in ({"RequestItems": 5}, {"TransactItems": ["x"]}, {"FilterExpression": 5}):
        assert told("BatchGetItem", **other) is told("TransactGetItems", **other) is None


@pytest.fixture
def shop(cloud: LocalCloud) -> Iterator[Any]:
    """DynamoDB's client, beside a table `expressive`."""
    client = cloud.client("dynamodb")
    client.create_table(
        TableName="expressive",
        KeySchema=[{"AttributeName": "year", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "year", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield client
    client.delete_table(TableName="expressive")


def test_a_refusal_comes_at_once_and_writes_nothing(shop: Any) -> None:
    with pytest.raises(ClientError, match="Syntax error; token") as caught:
        shop.put_item(
            TableName="expressive",
            Item={"year": {"S": "1"}},
            ConditionExpression="price == :tea",
            ExpressionAttributeValues=TEA,
        )
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0
    with pytest.raises(ClientError, match="reserved keyword: year"):
        shop.query(
            TableName="expressive",
            KeyConditionExpression="year = :tea",
            ExpressionAttributeValues=TEA,
        )
    assert shop.scan(TableName="expressive")["Items"] == []
