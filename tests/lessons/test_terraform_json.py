"""What a Terraform JSON refers to is found, and what leads nowhere is named."""

import json

import pytest

from workbook.errors import UnknownName, WorkbookError
from workbook.lessons import terraform_json
from workbook.lessons.terraform_json import Reference

SWAGGER = {"paths": {"/": {"get": {"uri": "${aws_lambda_function.api.invoke_arn}"}}}}


@pytest.fixture
def shop():
    return {
        "terraform": {"required_version": "< 1.4.0", "required_providers": {"null": "< 4"}},
        "locals": {"swagger": json.dumps(SWAGGER)},
        "data": {
            "aws_region": {"here": {}},
            "null_data_source": {"chalice": {"inputs": {"app": "shop", "stage": "dev"}}},
        },
        "resource": {
            "aws_iam_role": {"role": {"name": "shop"}},
            "aws_lambda_function": {
                "api": {
                    "filename": "${path.module}/deployment.zip",
                    "source_code_hash": '${filebase64sha256("${path.module}/deployment.zip")}',
                    "role": "${aws_iam_role.role.arn}",
                    "tags": {"in": "the ${data.aws_region.here.name} region"},
                }
            },
            "aws_api_gateway_deployment": {"api": {"description": "${md5(local.swagger)}"}},
        },
    }


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "deployment.zip").write_bytes(b"")
    return tmp_path


API = "resource.aws_lambda_function.api"


def test_every_reference_is_found_also_in_functions_and_in_json_within_a_string(shop):
    assert [
        Reference("locals.swagger", "aws_lambda_function.api", "invoke_arn"),
        Reference(f"{API}.filename", "./deployment.zip"),
        Reference(f"{API}.source_code_hash", "./deployment.zip"),
        Reference(f"{API}.role", "aws_iam_role.role", "arn"),
        Reference(f"{API}.tags.in", "data.aws_region.here", "name"),
        Reference("resource.aws_api_gateway_deployment.api.description", "local.swagger"),
    ] == terraform_json.references(shop)


def test_a_reference_reads_from_its_place_to_what_it_leads_to():
    assert "output.Url → aws_lambda_function.api.arn" == str(
        Reference("output.Url", "aws_lambda_function.api", "arn")
    )


def test_an_escaped_dollar_sign_is_text():
    assert [] == terraform_json.references({"output": {"price": {"value": "$${local.price}"}}})


def test_a_configuration_that_is_whole_has_nothing_that_dangles(shop, folder):
    assert [] == terraform_json.dangling(shop, folder)


@pytest.mark.parametrize(
    ("section", "name", "to"),
    [
        ("resource", "aws_iam_role", "aws_iam_role.role"),
        ("resource", "aws_lambda_function", "aws_lambda_function.api"),
        ("data", "aws_region", "data.aws_region.here"),
        ("locals", "swagger", "local.swagger"),
    ],
)
def test_what_leads_nowhere_is_named(shop, folder, section, name, to):
    if (section, name) == ("resource", "aws_lambda_function"):
        shop["resource"]["aws_lambda_function"]["other"] = shop["resource"][name].pop("api")
    else:
        del shop[section][name]
    assert {to} == {reference.to for reference in terraform_json.dangling(shop, folder)}


def test_a_package_that_is_not_there_is_named(shop, tmp_path):
    assert ["./deployment.zip"] * 2 == [
        reference.to for reference in terraform_json.dangling(shop, tmp_path)
    ]


def test_the_names_that_chalice_keeps_in_a_data_source_become_locals(shop, folder):
    shop["output"] = {"App": {"value": "${data.null_data_source.chalice.outputs.app}-api"}}
    shop["output"]["Tags"] = {"value": ["${data.null_data_source.chalice.outputs.stage}"]}
    current = terraform_json.current(shop)
    assert "${local.chalice_app}-api" == current["output"]["App"]["value"]
    assert ["${local.chalice_stage}"] == current["output"]["Tags"]["value"]
    assert ("shop", "dev") == (
        current["locals"]["chalice_app"],
        current["locals"]["chalice_stage"],
    )
    assert [] == terraform_json.dangling(current, folder)


def test_what_pins_versions_goes_and_the_original_stays_as_it_was(shop):
    before = json.dumps(shop)
    current = terraform_json.current(shop)
    assert "required_version" not in current["terraform"]
    assert {"aws"} == set(current["terraform"]["required_providers"])
    assert before == json.dumps(shop)


def test_a_folder_without_a_configuration_is_named_with_the_command_that_writes_one(tmp_path):
    with pytest.raises(UnknownName, match=r"no chalice.tf.json in .*\n.*--pkg-format terraform"):
        terraform_json.read(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_file_that_is_no_configuration_is_one_sentence(tmp_path, text):
    (tmp_path / "chalice.tf.json").write_text(text)
    with pytest.raises(WorkbookError, match=r"chalice.tf.json .*\nPackage the app again"):
        terraform_json.read(tmp_path)
