"""One run of chaos: deployments first in peace, then under fire, then the proofs."""

from __future__ import annotations

import json
import random
import threading
import urllib.request

from portal.demo.chaos.killing import Killer
from portal.demo.chaos.pauses import Cost, cost_of
from portal.demo.chaos.proof import (
    database_and_aws_agree,
    every_task_runs,
    git_has_what_is_accepted,
    nothing_is_under_way,
    the_lake_equals_the_source,
)
from portal.demo.chaos.work import FOOD, ORDERS, Work
from portal.demo.child import Say
from portal.demo.running import RunningSluice
from portal.demo.waiting import page_is_fine, wait_until
from replication.choices import LIVE_DEPLOYMENT_STATES
from replication.models import Deployment, Environment

IN_PEACE = 2
"""Deployments of each team before the first kill: what a pause lasts when nobody disturbs it."""

CATCHING_UP_SPEED = 40
WEB_BACK_SECONDS = 60


def chaos(running: RunningSluice, *, kills: int, seed: int, say: Say) -> int:
    """Run it; gives 0 if everything was as it must be."""
    works = [Work(crew, random.Random(f"{seed} {crew.team}"), say) for crew in (FOOD, ORDERS)]  # noqa: S311 - repeatable
    victims = (running.worker, running.watchdog, running.broker, running.web)
    killer = Killer(victims, random.Random(seed), kills=kills, under_way=_under_way, say=say)  # noqa: S311 - as above
    stopping = threading.Event()
    threads = [threading.Thread(target=work.run, args=(stopping,), kwargs={"at_least": IN_PEACE}) for work in works]
    for thread in threads:
        thread.start()
    try:
        while any(len(work.finished) < IN_PEACE and not work.problems for work in works):
            stopping.wait(1)
        say("chaos", "Now the killing begins.")
        killer.run(stopping)
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
    return _account(running, works, killer, say=say)


def _account(running: RunningSluice, works: list[Work], killer: Killer, *, say: Say) -> int:
    environment = Environment.objects.get(name="local")
    say("chaos", f"{len(killer.done)} kills ({killer.counted()}). Waiting for the dust to settle.")
    _stop_the_application(running)
    _set_speed(running.place.aws_url, CATCHING_UP_SPEED)
    wait_until(running.web, lambda: page_is_fine(f"{running.place.url}/health/"), seconds=WEB_BACK_SECONDS)
    proofs = {
        "each process was killed during a deployment": [f"{name} never was." for name in killer.spared()],
        "every change came to its end": [problem for work in works for problem in work.problems],
        "nothing is left under way": list(nothing_is_under_way()),
        "every task that should run does": list(every_task_runs(environment)),
        "database and AWS agree": list(database_and_aws_agree(environment)),
        "git has what is accepted": list(git_has_what_is_accepted()),
        "the lake equals the source": list(the_lake_equals_the_source(running.place, environment)),
    }
    running.manage("verify_audit")
    for title, problems in proofs.items():
        say("chaos", f"{'FAILED' if problems else 'proven'}: {title}")
        for problem in problems:
            say("chaos", f"    {problem}")
    deployments = [key for work in works for key in work.finished]
    cost = cost_of(killer.done, deployments)
    _tell_cost(cost, len(deployments), say)
    kept = all(pause.within_promise for pause in cost.disturbed)
    return 0 if kept and not any(proofs.values()) else 1


def _tell_cost(cost: Cost, deployments: int, say: Say) -> None:
    calm = f"{cost.calm:.1f} s ({cost.undisturbed} of them)"
    say("chaos", f"{deployments} deployments. An undisturbed pause lasts {calm}.")
    for pause in sorted(cost.disturbed, key=lambda pause: -pause.added):
        say(
            "chaos",
            f"    deployment {pause.deployment}: {pause.seconds:.1f} s, {pause.added:.1f} s more; "
            f"killed meanwhile: {', '.join(pause.kills)}{'' if pause.within_promise else '  TOO LONG'}",
        )
    worst = cost.worst
    if worst is not None:
        say("chaos", f"The longest pause that a kill added: {worst.added:.1f} s ({len(worst.kills)} kills in it).")


def _under_way() -> tuple[str, ...]:
    """The phase of each deployment that holds its stack."""
    live = Deployment.objects.filter(state__in=LIVE_DEPLOYMENT_STATES).order_by("id")
    return tuple(live.values_list("phase", flat=True))


def _stop_the_application(running: RunningSluice) -> None:
    if running.food is not None:
        next(iter(running.food.children())).stop(seconds=10)


def _set_speed(url: str, speed: float) -> None:
    body = json.dumps({"speed": speed}).encode()
    with urllib.request.urlopen(f"{url}/_sluice/speed", body, timeout=10):  # noqa: S310 - our own loopback address
        pass
