"""A wrong or missing setting stops the start in words; the defaults are those of production."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from portal.configuration import DEMO_SECRET_KEY, Configuration, WebhookConfiguration
from tests.meta.tracked_files import ROOT

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


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fd00:ec2::254]/",
        "https://[::ffff:169.254.169.254]/",
        "https://2852039166/",
        "https://0xa9fea9fe/",
        "https://169.254.0251.0376/",
        "https://user@hooks.example/",
        "https:///x",
    ],
)
def test_webhook__address_of_the_clouds_own_or_in_disguise__is_refused(address: str) -> None:
    with pytest.raises(ValidationError) as refused:
        WebhookConfiguration.model_validate({"url": address, "secret": "x" * 16})
    assert address not in str(refused.value)


@pytest.mark.parametrize("address", ["https://hooks.example/x?y=1", "http://127.0.0.1:9/x", "https://10.0.0.7/x"])
def test_webhook__address_of_a_machine_of_ones_own__is_taken(address: str) -> None:
    assert WebhookConfiguration.model_validate({"url": address, "secret": "x" * 16}).url.get_secret_value() == address


def test_example_of_all_settings__its_lines_in_force__name_every_field_and_are_taken(tmp_path: Path) -> None:
    example = (ROOT / "examples" / "sluice.env").read_text(encoding="utf-8")
    in_force = tmp_path / "sluice.env"
    in_force.write_text(
        example.replace("#SLUICE_", "SLUICE_").replace("SECRET_KEY=\n", f"SECRET_KEY={GOOD_KEY}\n"), encoding="utf-8"
    )

    named = set(re.findall(r"^SLUICE_(\w+)=", in_force.read_text(encoding="utf-8"), re.MULTILINE))
    assert named == {name.upper() for name in Configuration.model_fields}
    Configuration(_env_file=in_force)
