"""One table's life as the rows of a file: a line for each line of its story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from portal.web.tables.presenting import LifeLine
from replication.selectors.exports.columns import names_with_reasons
from replication.selectors.tables import TableLife


class LifeRow(NamedTuple):
    """One line. `deployments` names each with how it ended; `seconds_paused` is how long tasks stood still in them."""

    environment: str
    table: str
    at: datetime
    what: str
    who: str
    reason: str
    change_request: int | None
    title: str
    why: str
    approved_by: str
    without_review: str
    deployments: str
    seconds_paused: float | None


def life_rows(life: TableLife, lines: Sequence[LifeLine]) -> Iterator[LifeRow]:
    """The newest first, as the page has them."""
    return (_row(life, line) for line in lines)


def _row(life: TableLife, line: LifeLine) -> LifeRow:
    change = line.asked_for
    approvals = change.approvals.items() if change is not None else ()
    runs = change.runs if change is not None else []
    paused = [run.paused for run in runs if run.paused is not None]
    return LifeRow(
        environment=life.identity.environment.name,
        table=life.identity.name,
        at=line.at,
        what=line.sentence,
        who=change.author if change is not None else line.person,
        reason=line.reason,
        change_request=change.number if change is not None else None,
        title=change.title if change is not None else "",
        why=change.why if change is not None else "",
        approved_by=names_with_reasons(approvals),
        without_review=change.emergency_reason if change is not None else "",
        deployments=", ".join(f"{run.deployment.pk}: {run.deployment.state_choice.label}" for run in runs),
        seconds_paused=sum(paused) if paused else None,
    )
