"""What promoting a team's config to another environment would mean there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from deploy_engine.config import (
    EMPTY_LEDGER,
    KeptValue,
    Ledger,
    Newcomers,
    TeamDocument,
    kept_values,
    newcomers,
    promote,
)
from replication.documents import team_document_of
from replication.errors import NotFound
from replication.models import Environment, Revision, Team
from replication.selectors.scopes import latest_revision
from replication.selectors.teams import Sync, team_cards

_OF_A_NEW_SOURCE = ("secret", "catalogue_secret")
_OF_A_NEW_INSTANCE = ("class", "storage_gb")


@dataclass(frozen=True)
class Promotion:
    """One team's accepted documents in two environments; `target` is None where the team is new there."""

    team: Team
    source_environment: Environment
    environment: Environment
    revision: Revision
    source: TeamDocument
    target: TeamDocument | None
    ledger: Ledger

    def promoted(self, now: datetime) -> TeamDocument:
        """What would be proposed at `now`."""
        return promote(self.source, self.target, ledger=self.ledger, now=now)

    @cached_property
    def newcomers(self) -> Newcomers:
        """Sources and instances that the target does not have yet."""
        return newcomers(self.source, self.target)

    @cached_property
    def kept(self) -> tuple[KeptValue, ...]:
        """What differs and stays the target's own."""
        return kept_values(self.source, self.target) if self.target is not None else ()

    @cached_property
    def owned(self) -> dict[str, str | int | None]:
        """The values that the target has to own among what is new to it, by place, as the source has them."""
        team = self.source.team
        found: dict[str, str | int | None] = {}
        if self.target is None:
            found["alert_channel"] = team.alert_channel
        for name in self.newcomers.sources:
            values = team.sources[name].model_dump(mode="json", exclude_none=True)
            found |= {f"sources.{name}.{key}": values[key] for key in _OF_A_NEW_SOURCE if key in values}
        for name in self.newcomers.instances:
            values = team.instances[name].model_dump(mode="json", by_alias=True)
            found |= {f"instances.{name}.{key}": values[key] for key in _OF_A_NEW_INSTANCE}
        return found

    @property
    def source_sync(self) -> Sync:
        """Whether what is promoted runs in the environment that it comes from."""
        cards = team_cards(environment=self.source_environment, slug=self.team.slug)
        return cards[0].sync if cards else Sync.NEVER


def environments_after(environment: Environment, everything: Sequence[Environment]) -> list[Environment]:
    """Those of `everything` that come after it, the next one first: what it may be promoted to."""
    return list(everything[everything.index(environment) + 1 :])


def promotion_of(*, team: Team, source: Environment, target: Environment) -> Promotion:
    """From `source` to `target`; `NotFound` where there is nothing to promote, or `target` does not come after it."""
    if (target.position, target.name) <= (source.position, source.name):
        raise NotFound(f"{target.name} does not come after {source.name}: promotion follows the environments' order.")
    here, there = latest_revision(source, team), latest_revision(target, team)
    if here is None:
        raise NotFound(f"Team {team.slug} has nothing in {source.name}.")
    return Promotion(
        team=team,
        source_environment=source,
        environment=target,
        revision=here,
        source=team_document_of(here.document),
        target=team_document_of(there.document) if there is not None else None,
        ledger=Ledger.model_validate(there.ledger) if there is not None else EMPTY_LEDGER,
    )
