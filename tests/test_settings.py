"""Where things are, and which of a person's variables reach what the workbook starts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbook import settings

REAL = {
    "AWS_ACCESS_KEY_ID": "AKIAREALREALREALREAL",
    "AWS_SECRET_ACCESS_KEY": "real",
    "AWS_SESSION_TOKEN": "real",
    "AWS_PROFILE": "real",
    "AWS_DEFAULT_PROFILE": "real",
    "AWS_ROLE_ARN": "real",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "real",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "real",
    "AWS_CONFIG_FILE": "real",
    "AWS_SHARED_CREDENTIALS_FILE": "real",
    "AWS_ENDPOINT_URL": "real",
    "AWS_REGION": "real",
    "BOTO_CONFIG": "real",
}


def test_no_real_credential_reaches_what_a_learner_runs(monkeypatch):
    for name, value in REAL.items():
        monkeypatch.setenv(name, value)
    given = settings.variables_for_learning()
    assert [] == [name for name in REAL if given.get(name) == REAL[name]]


def test_the_credentials_in_a_persons_home_are_out_of_sight(monkeypatch, tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text("[default]\naws_access_key_id = AKIAREAL\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    given = settings.variables_for_learning()
    files = (given["AWS_CONFIG_FILE"], given["AWS_SHARED_CREDENTIALS_FILE"])
    assert (os.devnull, os.devnull, "true") == (*files, given["AWS_EC2_METADATA_DISABLED"])


def test_a_proxys_certificates_are_kept(monkeypatch):
    monkeypatch.setenv("AWS_CA_BUNDLE", "/certificates")
    assert "/certificates" == settings.variables_for_learning()["AWS_CA_BUNDLE"]


@pytest.mark.parametrize("inside", [".", "notebooks", "chalice_app/chalicelib"])
def test_progress_is_kept_where_the_learner_works(monkeypatch, tmp_path, inside):
    monkeypatch.delenv("WORKBOOK_PROGRESS", raising=False)
    monkeypatch.setenv("WORKBOOK_WORKSPACE", str(tmp_path / "workspace"))
    here = tmp_path / "workspace" / inside
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    assert tmp_path / "workspace" / "progress.json" == settings.progress_file()


def test_no_progress_is_kept_elsewhere(monkeypatch, tmp_path):
    monkeypatch.delenv("WORKBOOK_PROGRESS", raising=False)
    monkeypatch.chdir(tmp_path)
    assert settings.progress_file() is None


def test_progress_can_be_told_where_to_go(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "mine.json"))
    assert tmp_path / "mine.json" == settings.progress_file()


def test_a_variable_may_begin_at_home(monkeypatch):
    monkeypatch.setenv("WORKBOOK_VENV", "~/somewhere")
    assert Path.home() / "somewhere" == settings.venv()


def test_an_active_environment_without_a_python_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path))
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    assert [] == settings.active_prefixes()
