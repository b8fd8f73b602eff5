"""The ledger: every version that was ever active for each table of a team; append-only."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field, RootModel

from deploy_engine.config.tables import TableEntry, TableIdentity
from deploy_engine.config.versions import Version


class VersionState(StrEnum):
    """``active`` while some task's entry carries it unpaused, ``retired`` for ever after."""

    ACTIVE = "active"
    RETIRED = "retired"


class Ledger(RootModel[dict[TableIdentity, dict[Version, Annotated[VersionState, Field(strict=False)]]]]):
    """Versions by table identity; immutable, :meth:`after` gives the next one."""

    model_config = ConfigDict(strict=True, frozen=True)

    def versions(self, identity: str) -> dict[str, VersionState]:
        return dict(self.root.get(identity, {}))

    def after(self, entries: Iterable[TableEntry]) -> Ledger:
        """The ledger once ``entries`` (all of a team's) are accepted: theirs active, every other one retired."""
        active = {(entry.source, entry.version) for entry in entries if entry.active}
        merged = {identity: dict.fromkeys(versions, VersionState.RETIRED) for identity, versions in self.root.items()}
        for identity, version in active:
            merged.setdefault(identity, {})[version] = VersionState.ACTIVE
        return Ledger({identity: dict(sorted(merged[identity].items())) for identity in sorted(merged)})


EMPTY_LEDGER = Ledger({})
