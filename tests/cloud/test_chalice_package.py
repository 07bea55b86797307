"""Apps as `chalice package` hands them to CloudFormation: created, called, updated, deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from chalice_projects import Project
from packages import Stack, uploaded

from workbook.cloud import LocalCloud

TILL = """
from chalice import Chalice, Rate

app = Chalice(app_name="till")

@app.route("/price/{item}", cors=True)
def price(item):
    return {"item": item, "price": 3}

@app.schedule(Rate(1, unit=Rate.HOURS))
def count(event):
    print("COUNTED")
"""


@pytest.fixture
def till(tmp_path: Path, cloud: LocalCloud) -> Project:
    """A project with a route and a schedule."""
    project = Project(tmp_path, "till", cloud)
    project.write(TILL)
    project.configure(api_gateway_stage="api")
    return project


def test_a_packaged_app_is_created_answers_is_updated_and_deleted(
    till: Project, cloud: LocalCloud
) -> None:
    before = list(cloud.inventory())
    stack = Stack(cloud, "till")
    till.chalice("package", "out")
    status = stack.create(uploaded(till.folder / "out", cloud))
    assert status == "CREATE_COMPLETE", stack.failures()
    assert cloud.api("till").get("/price/tea").json() == {"item": "tea", "price": 3}

    till.write(TILL.replace('"price": 3', '"price": 4'))
    till.configure(api_gateway_stage="api", environment_variables={"SHOP": "corner"})
    till.chalice("package", "out")
    status = stack.update(uploaded(till.folder / "out", cloud))
    assert status == "UPDATE_COMPLETE", stack.failures()
    assert cloud.api("till").get("/price/tea").json() == {"item": "tea", "price": 4}
    cloud.advance(hours=1)
    cloud.settle()
    assert "COUNTED" in cloud.logs(stack.resource("Count"))

    assert stack.delete() == "DELETE_COMPLETE", stack.failures()
    left = [row for row in cloud.inventory() if row not in before]
    assert [row for row in left if row["service"] not in ("logs", "s3")] == []
