"""Unified diffs."""

from portal.presenters.diffs import DiffLine, unified


def test_unified__one_line_changed__numbers_old_and_new_lines() -> None:
    diff = unified("tasks/foodsearch.json", "a\nb\nc", "a\nB\nc")
    assert diff.lines[1:] == (
        DiffLine("context", 1, 1, "a"),
        DiffLine("remove", 2, "", "b"),
        DiffLine("add", "", 2, "B"),
        DiffLine("context", 3, 3, "c"),
    )
    assert (diff.added, diff.removed) == (1, 1)


def test_unified__equal_texts__has_no_lines() -> None:
    assert unified("x", "same", "same").lines == ()


def test_unified__lines_that_look_like_headers__stay_lines() -> None:
    diff = unified("x", "-- old", "++ new")
    assert [(line.kind, line.text) for line in diff.lines[1:]] == [("remove", "-- old"), ("add", "++ new")]
