"""An app with a compiled requirement is packaged from the wheelhouse, deployed, and answers."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest
from chalice_projects import Project

from workbook import settings
from workbook.cloud import LocalCloud
from workbook.environment import wheelhouse
from workbook.environment.failures import NoNetwork

APP = """
from decimal import Decimal

import pydantic
import pydantic_core
from chalice import Chalice

app = Chalice(app_name="pricelist")


class Item(pydantic.BaseModel):
    name: str
    price: Decimal = pydantic.Field(gt=0)


@app.route("/items", methods=["POST"])
def items():
    item = Item.model_validate_json(app.current_request.raw_body)
    return {"item": item.model_dump(mode="json"), "from": pydantic_core.__file__}
"""


@pytest.fixture
def wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The workbook's own wheelhouse, as JupyterLab and its terminals are pointed at it."""
    try:
        wheelhouse.ours().fill()
    except NoNetwork as error:
        pytest.skip(f"the wheelhouse is empty, and there is no network to fill it: {error}")
    for name, value in settings.variables_for_packaging().items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("wheels")
def test_a_compiled_requirement_is_packaged_without_a_network_and_works_when_deployed(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    project = Project(tmp_path, "pricelist", cloud)
    project.write(APP)
    project.configure(api_gateway_stage="api")
    (tmp_path / "requirements.txt").write_text("pydantic\n")
    said = project.chalice("deploy")
    assert "Could not install dependencies" not in said
    answer = cloud.api("pricelist").post("/items", json={"name": "tea", "price": "2.50"})
    assert (200, {"name": "tea", "price": "2.50"}) == (answer.status_code, answer.json()["item"])
    if platform.system() == "Linux" and platform.machine() == "x86_64":  # else another stands in
        assert "site-packages" not in answer.json()["from"]  # of the zip, not of this environment
    project.chalice("delete")
