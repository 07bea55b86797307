"""What a check stands on: an AWS that is empty and reaches nobody, and answers that explain a 500."""

import os

import boto3
import pytest
from chalice import Chalice
from moto import mock_aws

from workbook.check import Failed
from workbook.errors import WorkbookError
from workbook.lessons.fixtures import aws_is_mocked, client, fresh_aws, without_mock


def bucket_names():
    return [bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]]


def test_each_check_sees_an_empty_aws():
    with fresh_aws():
        boto3.client("s3").create_bucket(Bucket="from-before")
    with fresh_aws():
        assert [] == bucket_names()


def test_an_endpoint_in_the_environment_is_out_of_sight_and_then_back(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with fresh_aws():
        assert [] == bucket_names()
    assert "http://127.0.0.1:9" == os.environ["AWS_ENDPOINT_URL"]


def test_real_looking_credentials_are_out_of_sight(monkeypatch, tmp_path):
    (tmp_path / "credentials").write_text(
        "[default]\naws_access_key_id=AKIAREALLOOKING\naws_secret_access_key=x\n"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_PROFILE", "default")
    with fresh_aws():
        assert "AKIAREALLOOKING" != boto3.Session().get_credentials().access_key


def test_a_mock_that_is_active_is_said_in_one_sentence():
    with mock_aws(), pytest.raises(WorkbookError, match="still active"), fresh_aws():
        pass


@pytest.fixture
def shop():
    app = Chalice("shop")

    @app.route("/items/{item_id}")
    def read_item(item_id):
        return {"name": {"item_1": "Milk jug"}[item_id]}

    return app


def test_an_answer_carries_status_and_decoded_body(shop):
    with client(shop) as http:
        answer = http.get("/items/item_1")
    assert (200, {"name": "Milk jug"}) == (answer.status, answer.body)


def test_an_answer_500_carries_the_exception_and_the_line(shop):
    with client(shop) as http:
        answer = http.get("/items/item_9")
    assert (500, "KeyError: 'item_9'") == (answer.status, answer.error)
    assert 'return {"name": {"item_1": "Milk jug"}[item_id]}' in answer.line


def test_a_client_is_silent_and_leaves_the_apps_log_as_it_was(shop, capfd):
    handlers = list(shop.log.handlers)
    with client(shop) as http:
        http.get("/items/item_9")
    assert handlers == shop.log.handlers
    assert "" == "".join(capfd.readouterr())


def test_what_is_no_app_fails_the_check():
    with pytest.raises(Failed), client("shop"):
        pass


def test_without_the_mock_nothing_leaves_and_afterwards_it_is_back_and_empty():
    with fresh_aws():
        boto3.client("sqs").create_queue(QueueName="before")
        with without_mock():
            assert not aws_is_mocked()
            with pytest.raises(WorkbookError, match="would have left this process"):
                boto3.client("sqs").list_queues()
            mock_aws().start()  # and left running
        assert aws_is_mocked()
        assert "QueueUrls" not in boto3.client("sqs").list_queues()
    assert not aws_is_mocked()


def test_an_answer_has_what_the_app_logged_for_it_and_not_for_the_one_before():
    app = Chalice(app_name="shop")

    @app.route("/items/{item_id}")
    def read_item(item_id):
        app.log.error("asked for %s", item_id)
        return {}

    with client(app) as http:
        logged = [http.get(f"/items/{item_id}").logged for item_id in ("item_1", "item_2")]
    assert ["asked for item_1", "asked for item_2"] == logged
