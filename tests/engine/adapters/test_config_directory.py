"""A config on disk: what is read, what is refused, what is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy_engine.adapters.config_directory import NoConfigDirectory, read_directory, write_directory
from deploy_engine.config import parse_company, write_company
from deploy_engine.errors import InvalidConfig
from tests.engine.adapters.deployed import COMPANY


def test_read_directory__example_company__is_written_back_to_the_same_bytes(tmp_path: Path) -> None:
    files = read_directory(COMPANY)
    company = parse_company(files).company
    assert company is not None
    write_directory(tmp_path, write_company(company))
    assert read_directory(tmp_path) == {name: text for name, text in files.items() if not name.startswith("rendered/")}


def test_read_directory__what_is_not_config__is_left_alone(tmp_path: Path) -> None:
    for name in (".git/config", ".sluice/journal.sqlite", "README.md", "environments/.hidden/x.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"\xff")
    (tmp_path / "sluice.json").write_text("{}")
    assert read_directory(tmp_path) == {"sluice.json": "{}"}


def test_read_directory__link_out_binary_and_huge_file__each_is_a_finding(tmp_path: Path) -> None:
    inside = tmp_path / "config" / "environments"
    inside.mkdir(parents=True)
    (tmp_path / "secret").write_text("hunter2")
    (inside / "link.json").symlink_to(tmp_path / "secret")
    (inside / "binary.json").write_bytes(b"\xff\xfe")
    (inside / "huge.json").write_text(" " * 4_000_001)
    with pytest.raises(InvalidConfig) as caught:
        read_directory(tmp_path / "config")
    findings = {finding.file: finding.message for finding in caught.value.findings}
    assert findings == {
        "environments/link.json": "the file is a link that leads out of the config",
        "environments/binary.json": "the file is not UTF-8 text",
        "environments/huge.json": "the file is too large",
    }
    assert {finding.check for finding in caught.value.findings} == {"config.schema"}


def test_read_directory__no_directory__is_said(tmp_path: Path) -> None:
    with pytest.raises(NoConfigDirectory):
        read_directory(tmp_path / "nowhere")


def test_write_directory__unchanged_file__is_not_touched(tmp_path: Path) -> None:
    assert write_directory(tmp_path, {"a/b.json": "1\n", "c.json": "2\n"}) == ("a/b.json", "c.json")
    assert write_directory(tmp_path, {"a/b.json": "1\n", "c.json": "3\n"}) == ("c.json",)
    assert write_directory(tmp_path, {"a/b.json": None, "d.json": None}) == ("a/b.json",)
    assert [path.name for path in tmp_path.rglob("*.json")] == ["c.json"]


def test_write_directory__path_that_leads_out__is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoConfigDirectory):
        write_directory(tmp_path / "config", {"../out.json": "1"})
    assert not (tmp_path / "out.json").exists()
