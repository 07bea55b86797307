"""`chalice deploy` with layers: the one that it makes itself, and those of one's own."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from chalice_projects import Project
from small_apps import packed

from workbook.cloud import LocalCloud

APP = """
from chalice import Chalice

app = Chalice(app_name="roastery")


@app.route("/")
def index():
    import beans  # not installed where Chalice reads the app

    return {"blend": "BLEND", "beans": beans.VERSION, "where": beans.__file__}
"""


def wheel(folder: Path, version: str) -> None:
    """A wheel of the package beans, as pip takes it."""
    info = f"beans-{version}.dist-info"
    with zipfile.ZipFile(folder / f"beans-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr("beans.py", f"VERSION = {version!r}")
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: beans\nVersion: {version}\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        names = ("beans.py", f"{info}/METADATA", f"{info}/WHEEL", f"{info}/RECORD")
        archive.writestr(f"{info}/RECORD", "".join(f"{name},,\n" for name in names))


@pytest.fixture
def roastery(cloud: LocalCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for version in ("1.0", "2.0"):
        wheel(shelf, version)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    return Project(tmp_path / "roastery", "roastery", cloud)


def require(project: Project, version: str) -> None:
    (project.folder / "requirements.txt").write_text(f"beans=={version}\n")


def layers(cloud: LocalCloud) -> list[str]:
    return [each["name"] for each in cloud.inventory() if each["kind"] == "layer"]


def test_an_automatic_layer_carries_the_requirements_through_every_deploy(
    cloud: LocalCloud, roastery: Project
) -> None:
    roastery.configure(api_gateway_stage="api", automatic_layer=True)
    roastery.write(APP)
    require(roastery, "1.0")
    said = roastery.chalice("deploy")
    assert "Creating lambda layer: roastery-dev-managed-layer" in said
    api = cloud.api("roastery")
    answer = api.get("/").json()
    assert (answer["blend"], answer["beans"]) == ("BLEND", "1.0")
    assert "/site-packages/beans.py" in answer["where"]  # not in the function's own package

    roastery.write(APP.replace("BLEND", "dark"))
    roastery.chalice("deploy")
    answer = api.get("/").json()
    assert (answer["blend"], answer["beans"]) == ("dark", "1.0")

    require(roastery, "2.0")
    assert "Updating lambda layer" in roastery.chalice("deploy")
    assert api.get("/").json()["beans"] == "2.0"
    assert layers(cloud) == ["roastery-dev-managed-layer:3"]  # each deploy cleans up the last one

    roastery.chalice("delete")
    assert layers(cloud) == []
    named = cloud.client("lambda").list_functions()["Functions"]
    assert [one for one in named if one["FunctionName"].startswith("roastery")] == []


def test_a_layer_of_ones_own_is_named_in_the_configuration(
    cloud: LocalCloud, roastery: Project
) -> None:
    client = cloud.client("lambda")
    content = {"ZipFile": packed({"python/beans.py": "VERSION = 'mine'"})}
    made = client.publish_layer_version(LayerName="beans", Content=content)
    roastery.configure(api_gateway_stage="api", layers=[made["LayerVersionArn"]])
    roastery.write(APP)
    roastery.chalice("deploy")
    assert cloud.api("roastery").get("/").json()["beans"] == "mine"
    roastery.chalice("delete")
    assert layers(cloud) == ["beans:1"]  # Chalice did not make it, and leaves it
    client.delete_layer_version(LayerName="beans", VersionNumber=1)
