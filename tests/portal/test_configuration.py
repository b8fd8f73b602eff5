"""A wrong or missing setting stops the start in words; the defaults are those of production."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from portal.configuration import DEMO_SECRET_KEY, Configuration

GOOD_KEY = "k" * 50


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLUICE_MODE", "SLUICE_LOG_FORMAT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("key", ["", "short", DEMO_SECRET_KEY], ids=["missing", "short", "the-demos"])
def test_configuration__production_without_a_fit_key__refuses_to_start(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLUICE_SECRET_KEY", key)

    with pytest.raises(ValidationError, match="SLUICE_SECRET_KEY is missing"):
        Configuration()


def test_configuration__key_is_refused__is_not_in_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_SECRET_KEY", "my-very-own-key")

    with pytest.raises(ValidationError) as refusal:
        Configuration()

    assert "my-very-own-key" not in str(refusal.value)


def test_configuration__nothing_but_a_key__is_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_SECRET_KEY", GOOD_KEY)

    configuration = Configuration()

    assert not configuration.is_demo
    assert configuration.signing_key == GOOD_KEY
    assert configuration.log_format == "json"


def test_configuration__demo_without_a_key__uses_the_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_MODE", "demo")

    assert Configuration().signing_key == DEMO_SECRET_KEY


def test_configuration__var_directory_set__database_and_git_lie_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLUICE_MODE", "demo")
    monkeypatch.setenv("SLUICE_VAR_DIRECTORY", str(tmp_path))

    configuration = Configuration()

    assert configuration.database_location == f"sqlite:///{tmp_path}/sluice.sqlite3"
    assert configuration.git_repository_path == tmp_path / "company.git"


def test_configuration__unknown_mode__names_what_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_MODE", "staging")

    with pytest.raises(ValidationError, match="'production' or 'demo'"):
        Configuration()
