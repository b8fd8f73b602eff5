"""The pages of a team with 2,000 tables beside those of a team with nothing: `python -m benchmarks.pages`.

Through the real views, over Django's own client, with SQLite in memory. What is counted is this process's time on a
processor, which others on a busy machine do not lengthen: all that a page takes but the disk. Each page is asked for
once before, so that what a process reads and compares at the first use counts for none.
"""

from __future__ import annotations

import logging
import statistics
import sys
import time
from typing import Any

from benchmarks.portal import _database

ASKED = 20
GOAL_SECONDS = 0.100


def main() -> None:
    """Fill, ask, print."""
    _database()
    logging.disable(logging.CRITICAL)
    from django.test import Client  # noqa: PLC0415 - needs Django's settings
    from django.urls import reverse  # noqa: PLC0415 - as above

    from portal.memory import keep_collector_short  # noqa: PLC0415 - as above
    from tests.portal.enormous import ENORMOUS, company, sizes  # noqa: PLC0415 - as above

    place = company(ENORMOUS)
    keep_collector_short()  # as the portal's own web process
    client = Client()
    client.force_login(place.people[1])

    def of(name: str, team: Any) -> str:
        return reverse(name, args=[place.environment.name, team.slug])

    here = f"environment={place.environment.name}"
    schema, table = sizes.table(1)
    pages = {
        "team": (of("teams:detail", place.team), of("teams:detail", place.quiet)),
        "tables": tuple(f"{reverse('tables:list')}?{here}&team={team.slug}" for team in (place.team, place.quiet)),
        "table": (reverse("tables:detail", args=[place.environment.name, sizes.slug("source", 0), schema, table]), ""),
        "add tables": (
            f"{of('changes:add-tables', place.team)}?task={sizes.slug('task', 0)}",
            "",
        ),
        "settings of the task with 1,900 tables": (
            reverse("changes:task-settings", args=[place.environment.name, place.team.slug, sizes.slug("task", 0)]),
            "",
        ),
        "open change that adds 500": (reverse("changes:detail", args=[place.adds.pk]), ""),
        "open change that reloads 500": (reverse("changes:detail", args=[place.reloads.pk]), ""),
        "open change that removes 500": (reverse("changes:detail", args=[place.removals.pk]), ""),
        "history": tuple(
            f"{reverse('history:timeline')}?{here}&team={team.slug}" for team in (place.team, place.quiet)
        ),
        "home, of a member of 50 teams' company": (reverse("home"), ""),
    }
    _say("| page | median | 95 % below | of a team with nothing | goal | met |\n| --- | --- | --- | --- | --- | --- |")
    for title, (large, empty) in pages.items():
        median, most, size = _asked(client, large)
        beside = f"{_asked(client, empty)[0] * 1000:.0f} ms" if empty else ""
        met = "yes" if most <= GOAL_SECONDS else "not yet"
        _say(f"| {title}, {size:.0f} kB | {median * 1000:.0f} ms | {most * 1000:.0f} ms | {beside} | 100 ms | {met} |")


def _asked(client: Any, address: str) -> tuple[float, float, float]:
    """Median and 95th percentile in seconds, and the size in kilobytes."""
    response = client.get(address)
    spent = []
    for _ in range(ASKED):
        begin = time.process_time()
        response = client.get(address)
        spent.append(time.process_time() - begin)
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1], len(response.content) / 1000


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
