"""Which team and which names things get in the draft that somebody named without Sluice."""

from __future__ import annotations

import re

from pydantic_core import PydanticCustomError

from deploy_engine.config.names import MAX_SLUG, check_slug, check_team_slug


def is_own_name(name: str) -> bool:
    """Whether Sluice could have given this DMS name."""
    team, slug = team_and_slug(name)
    try:
        check_team_slug(team)
        check_slug(slug)
    except PydanticCustomError:
        return False
    return True


def team_and_slug(name: str) -> tuple[str, str]:
    """The two parts of a DMS name of Sluice's."""
    team, _, slug = name.partition("-")
    return team, slug


def slug_like(name: str) -> str:
    """The nearest slug to any name."""
    words = "-".join(re.findall("[a-z0-9]+", name.lower()))
    text = words if words[:1].isalpha() else f"x-{words}".rstrip("-")
    return text[:MAX_SLUG].rstrip("-")


def slug_in(team: str, name: str) -> str:
    """The slug of something that a task of ``team`` uses."""
    own, slug = team_and_slug(name)
    return slug if own == team and is_own_name(name) else slug_like(name)


def free(slug: str, taken: set[str]) -> str:
    """``slug``, or with a number where it is taken; taken from now on."""
    number, chosen = 1, slug
    while chosen in taken:
        number += 1
        chosen = f"{slug[: MAX_SLUG - 3].rstrip('-')}-{number}"
    taken.add(chosen)
    return chosen
