"""A running Sluice ends in the order in which its parts use each other, and begins anew after a half first start."""

from pathlib import Path

from portal.demo.place import Place
from portal.demo.running import RunningSluice


def _sluice(directory: Path) -> RunningSluice:
    return RunningSluice(Place(directory, web_port=1, aws_port=2, broker_port=3), say=lambda name, line: None)


def test_children__to_be_ended__those_that_others_use_come_last() -> None:
    names = [child.name for child in _sluice(Path("nowhere")).children()]

    assert names.index("web") < names.index("worker") < names.index("aws")
    assert names[-1] == "broker"


def test_forget_unfinished_seed__first_start_was_cut_short__starts_over(tmp_path: Path) -> None:
    directory = tmp_path / "demo"
    directory.mkdir()
    (directory / "sluice.sqlite3").touch()

    assert _sluice(directory).forget_unfinished_seed()
    assert not directory.exists()


def test_forget_unfinished_seed__seed_was_finished__keeps_the_data(tmp_path: Path) -> None:
    (tmp_path / "seeded").touch()

    assert not _sluice(tmp_path).forget_unfinished_seed()
    assert (tmp_path / "seeded").exists()


def test_forget_unfinished_seed__never_started__has_nothing_to_forget(tmp_path: Path) -> None:
    assert not _sluice(tmp_path / "demo").forget_unfinished_seed()


def test_stop__nothing_was_started__does_nothing(tmp_path: Path) -> None:
    _sluice(tmp_path).stop()
