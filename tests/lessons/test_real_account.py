"""The way to a real account: closed until everything was typed, and gone back to the end.

A local cloud stands in for AWS. It enforces IAM, and who deploys may do what deploy-policy.json
says and no more.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import cfnlint
import pytest

from workbook import settings
from workbook.cloud import LocalCloud
from workbook.lessons import projects, real_account
from workbook.lessons.real_account import RealAccount, Refused, Target

SERVICE = settings.root() / "chalice_app"
POLICY = json.loads((SERVICE / "deploy-policy.json").read_text())
TARGET = Target(account="123456789012", region="us-east-1", profile="sandbox")
STEPS = ("who_am_i", "up", "deploy", "left", "tear_down")
# What moto's log calls otherwise than IAM.
ACTIONS = {
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjects": "s3:ListBucket",
    "s3:PutBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "lambda:GetLayerVersionByArn": "lambda:GetLayerVersion",
    "lambda:PutFunctionConcurrency": "lambda:DeleteFunctionConcurrency",
}
ON_AWS_ONLY = {"PassRoles", "Emptying"}  # judged with another call; with an object in a bucket


def unreachable(target: Target) -> dict[str, str]:
    raise AssertionError("a command was about to run")


@pytest.fixture
def account() -> RealAccount:
    return RealAccount(SERVICE, TARGET, unreachable)


@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_a_dry_run_unless_asked_otherwise(step, account, capsys):
    getattr(account, step)()
    said = capsys.readouterr().out
    assert said.startswith("dry run (123456789012, us-east-1, profile sandbox): ")


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_done_without_a_target(step, capsys):
    with pytest.raises(Refused, match="No target is set"):
        getattr(RealAccount(SERVICE, None, unreachable), step)(for_real=True)


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_done_before_it_was_confirmed(step, account, capsys):
    account.cost()
    with pytest.raises(Refused, match="not confirmed"):
        getattr(account, step)(for_real=True)


def test_nothing_is_confirmed_before_the_cost_was_shown(account):
    with pytest.raises(Refused, match="cost was not shown"):
        account.confirm(account.phrase)


def test_a_forgotten_month_costs_its_secret_and_the_looks_into_its_queues(account, capsys):
    account.cost(requests=0)
    *_, day, month = capsys.readouterr().out.splitlines()
    assert ("$0.0306", "$0.92") == (day.split()[-1], month.split()[-1])


@pytest.mark.parametrize("typed", ["", "yes", "deploy inventory-service dev", "Deploy"])
def test_only_the_whole_phrase_confirms(typed, account, capsys):
    account.cost()
    with pytest.raises(Refused, match="is not 'deploy inventory-service dev to 123456789012"):
        account.confirm(typed)
    with pytest.raises(Refused, match="not confirmed"):
        account.deploy(for_real=True)


def test_a_wrong_word_takes_an_earlier_confirmation_back(account, capsys):
    account.cost()
    account.confirm(account.phrase)
    with pytest.raises(Refused):
        account.confirm("yes")
    with pytest.raises(Refused, match="not confirmed"):
        account.up(for_real=True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account", ""),
        ("account", "12345678901"),
        ("region", ""),
        ("region", "Europe"),
        ("profile", ""),
        ("profile", "default"),
        ("stage", "live"),
    ],
)
def test_a_target_is_typed_whole(field, value):
    typed = {"account": "123456789012", "region": "eu-west-1", "profile": "sandbox", field: value}
    with pytest.raises(Refused, match=repr(value)):
        Target(**typed)


def test_commands_get_the_profile_and_no_other_credentials(monkeypatch):
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)  # kept: a proxy may need it
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    given = real_account.reach_by_profile(TARGET)
    assert {name: value for name, value in given.items() if name.startswith("AWS_")} == {
        "AWS_PROFILE": "sandbox",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


def test_the_copy_for_an_account_is_made_once_and_kept(tmp_path):
    folder = real_account.lasting_copy(SERVICE, tmp_path / "mine")
    (folder / "app.py").write_text("# changed by me")
    assert folder == real_account.lasting_copy(SERVICE, tmp_path / "mine")
    assert "# changed by me" == (folder / "app.py").read_text()
    assert not (folder / "tests").exists()


# ── the policy of who deploys ───────────────────────────────────────────────────────────────


def test_the_policy_names_actions_that_exist_and_fits_into_a_managed_policy():
    reference = json.loads(
        (Path(cfnlint.__file__).parent / "data/AdditionalSpecs/Policies.json").read_text()
    )
    known = {service: {a.lower() for a in reference[service]["Actions"]} for service in reference}
    for statement in POLICY["Statement"]:
        for action in statement["Action"]:
            service, name = action.split(":")
            assert name.lower() in known[service], action
            assert "*" not in action
    assert len(json.dumps(POLICY, separators=(",", ":"))) <= 6144


def test_only_what_has_no_name_yet_is_allowed_on_everything():
    wide = {each["Sid"] for each in POLICY["Statement"] if "*" in each["Resource"]}
    assert {"Looking", "Mappings", "NewSecret"} == wide


class Deployer:
    """A user with a policy, and an account as they see it."""

    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        self._iam = cloud.client("iam")
        self._policies: list[str] = []
        self._iam.create_user(UserName="deployer")
        key = self._iam.create_access_key(UserName="deployer")["AccessKey"]
        self._keys = {
            "AWS_ENDPOINT_URL": cloud.endpoint,
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }
        self.folder = folder

    def may(self, *without: str) -> None:
        """From now on: what the policy says, but for statements of these names."""
        for arn in self._policies:
            self._iam.detach_user_policy(UserName="deployer", PolicyArn=arn)
            self._iam.delete_policy(PolicyArn=arn)
        self._policies.clear()
        statements = [each for each in POLICY["Statement"] if each["Sid"] not in without]
        document = json.dumps({**POLICY, "Statement": statements})
        made = self._iam.create_policy(PolicyName="deploy", PolicyDocument=document)
        self._policies.append(made["Policy"]["Arn"])
        self._iam.attach_user_policy(UserName="deployer", PolicyArn=self._policies[0])

    def account(self, target: Target = TARGET) -> RealAccount:
        """The account, aimed at and confirmed."""
        account = RealAccount(self.folder, target, self.reach)
        account.cost()
        account.confirm(account.phrase)
        return account

    def reach(self, target: Target) -> dict[str, str]:
        """The local cloud in AWS's place."""
        given = dict(real_account.reach_by_profile(target))
        del given["AWS_PROFILE"]
        return {**given, **settings.wheels_in_place(), **self._keys}


@pytest.mark.slow
def test_the_service_is_deployed_and_removed_under_its_policy_alone(capsys):
    with LocalCloud.start(enforce_iam=True) as cloud:
        deployer = Deployer(cloud, projects.service())
        before = list(cloud.inventory())

        deployer.may()
        elsewhere = Target("999999999999", "us-east-1", "sandbox")
        with pytest.raises(Refused, match="belongs to account 123456789012, not to 999999999999"):
            deployer.account(elsewhere).up(for_real=True)
        assert before == [each for each in cloud.inventory() if each["kind"] != "policy"]

        account = deployer.account()
        deployer.may("Stack")
        with pytest.raises(Refused, match=r"not authorized to perform: cloudformation:CreateStack"):
            account.up(for_real=True)
        deployer.may("PassRoles")
        account.up(for_real=True)
        with pytest.raises(Refused, match="iam:PassRole"):
            account.deploy(for_real=True)

        deployer.may()
        account.deploy(for_real=True)
        account.deploy(for_real=True)  # updates what the first one made
        assert 200 == cloud.api("inventory-service").get("/health").status_code
        listed = account.left(for_real=True)
        assert {
            "REST API",
            "bucket",
            "event source",
            "function",
            "layer",
            "queue",
            "secret",
            "stack",
            "table",
        } < {kind for _, kind, _ in listed}
        assert "account 123456789012, region us-east-1" in capsys.readouterr().out

        account.tear_down(for_real=True)
        account.tear_down(for_real=True)
        assert 2 == capsys.readouterr().out.count("Nothing of inventory-service-dev is left")
        assert ["policy", "user"] == [each["kind"] for each in cloud.inventory()]

        _every_call_is_allowed_and_every_statement_used(cloud)


def _every_call_is_allowed_and_every_statement_used(cloud: LocalCloud) -> None:
    """CloudFormation's calls are not judged here; on AWS they are, as the deployer's own."""
    methods = {"Get": "GET", "Create": "POST", "Import": "POST", "Put": "PUT", "Update": "PATCH"}
    done = set()
    for call in cloud.calls():
        service, operation = call["service"], call["operation"]
        if service == "apigateway":
            method = next((m for verb, m in methods.items() if operation.startswith(verb)), None)
            done.add(f"apigateway:{method or 'DELETE'}")
        elif service != "sts":
            done.add(ACTIONS.get(f"{service}:{operation}", f"{service}:{operation}"))
    own = {"iam:CreateUser", "iam:CreateAccessKey", "iam:CreatePolicy", "iam:DeletePolicy"}
    own |= {"iam:AttachUserPolicy", "iam:DetachUserPolicy"}
    allowed = {action for each in POLICY["Statement"] for action in each["Action"]}
    assert set() == done - allowed - own
    idle = {each["Sid"] for each in POLICY["Statement"] if not done & set(each["Action"])}
    assert idle <= ON_AWS_ONLY
