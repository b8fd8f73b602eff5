"""A source whose tables can be listed, and what it says of them."""

from __future__ import annotations

from collections.abc import Iterable

from deploy_engine.config import EnvironmentFile
from deploy_engine.errors import SourceUnreachable
from deploy_engine.live import SourceAsked, SourceCatalogue, SourceTable, TableKey
from replication.models import Source
from tests.replication.conftest import Stage

SETTINGS = {"wal_level": "logical", "max_replication_slots": "10"}
BARCODES = SourceTable("foodsearch", "barcodes", TableKey.PRIMARY, 5_000, 400_000)
SHOPS = SourceTable("foodsearch", "shops", TableKey.PRIMARY, 45_000, 900_000)
TAGS = SourceTable("foodsearch", "tags", TableKey.IDENTITY, None, None)
LOGS = SourceTable("audit", "logs", TableKey.NONE, 7, 8_192)
ODD = SourceTable("foodsearch", "odd name", TableKey.PRIMARY, 1, 1)


class PretendSource:
    """Answers with these tables, or with the reason why not; counts how often it was asked."""

    def __init__(self, *tables: SourceTable, why: str = "", settings: dict[str, str] | None = None) -> None:
        self.tables: Iterable[SourceTable] = tables
        self.why = why
        self.settings = settings or SETTINGS
        self.asked: list[SourceAsked] = []

    def __call__(self, environment: EnvironmentFile, asked: SourceAsked) -> SourceCatalogue:
        self.asked.append(asked)
        if self.why:
            raise SourceUnreachable(self.why)
        return SourceCatalogue("postgres", tuple(self.tables), self.settings)


def open_source(stage: Stage) -> Source:
    """Food's source, with a catalogue secret, in an environment that lets it be looked into."""
    stage.environment.allowed_host_suffixes = [".db.example.internal"]
    stage.environment.save()
    source = Source.objects.get(environment=stage.environment, slug="fooddb")
    source.catalogue_secret = "sluice/food/fooddb-catalogue"
    source.save()
    return Source.objects.select_related("environment", "setup__team").get(pk=source.pk)
