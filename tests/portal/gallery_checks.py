"""Example checks for the gallery, as the engine writes them to JSON."""

from __future__ import annotations

from typing import Any

from portal.presenters.checks import check_groups

FAILED: dict[str, Any] = {
    "check": "versions.increasing",
    "title": "Versions only go up",
    "status": "failed",
    "could_not_run": False,
    "seconds": 0.02,
    "findings": [
        {
            "check": "versions.increasing",
            "status": "failed",
            "message": "v202008040000 was retired and never returns.",
            "file": "environments/local/teams/food/tasks/foodsearch.json",
            "pointer": "/tables/0/version",
            "found": "v202008040000",
            "allowed": "a version above v202011191200",
            "remedy": "Leave the version empty: Sluice writes the next one.",
        }
    ],
}
COULD_NOT_RUN: dict[str, Any] = {
    "check": "s3.no-overwrite",
    "title": "New tables find their path empty",
    "status": "failed",
    "could_not_run": True,
    "seconds": 3.1,
    "findings": [
        {
            "check": "s3.no-overwrite",
            "status": "failed",
            "message": "AWS did not answer within 3 s.",
            "remedy": "Retry.",
        }
    ],
}
WARNING: dict[str, Any] = {
    "check": "instance.capacity",
    "title": "The instance has room",
    "status": "warning",
    "could_not_run": False,
    "seconds": 0.4,
    "findings": [{"check": "instance.capacity", "status": "warning", "message": "Free storage is 18 %."}],
}
PASSED: list[dict[str, Any]] = [
    {
        "check": name,
        "title": title,
        "status": "passed",
        "could_not_run": False,
        "seconds": 0.003,
        "findings": [],
    }
    for name, title in (
        ("config.schema", "The config fits the language"),
        ("paths.unique", "No two tables share a path"),
        ("stack.stable", "The stack can be updated now"),
    )
]
CHECKS = check_groups([*PASSED, WARNING, FAILED, COULD_NOT_RUN], rerun_url="#")
