"""Reading TableMappings back: the tables that a deployed task writes, and into which folders."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from deploy_engine.config.physical_names import TARGET_SCHEMA

_VERSION_LENGTH = len("vYYYYMMDDHHMM")


@dataclass(frozen=True, order=True)
class MappedTable:
    """A source table as a mapping names it (wildcards unescaped) and the folder it is renamed to."""

    schema: str
    table: str
    folder: str

    @property
    def key(self) -> tuple[str, str]:
        return self.schema, self.table

    @property
    def version(self) -> str:
        """The folder's end: it is ``<source>_<schema>_<table>_<version>``."""
        return self.folder[-_VERSION_LENGTH:]

    @property
    def source(self) -> str:
        return self.folder[: -len(f"_{self.schema}_{self.table}_{self.version}")]

    @property
    def identity(self) -> str:
        """``source/schema/table``, as configs name the table."""
        return f"{self.source}/{self.schema}/{self.table}"

    @property
    def prefix(self) -> str:
        """Where the table's data lies in the lake bucket, with the slash at its end."""
        return f"{TARGET_SCHEMA}/{self.folder}/"


def _literal(pattern: str) -> str:
    """The name that a pattern of Sluice's matches; ``[_]`` is DMS's literal underscore (dms-facts.md section 1)."""
    return pattern.replace("[_]", "_")


@lru_cache(maxsize=32)
def read_mappings(table_mappings: str) -> tuple[MappedTable, ...]:
    """The tables in a TableMappings text that Sluice rendered, sorted: each selected one with its rename.

    Raises ``ValueError`` for a text that is not such a mapping (a selected table without a rename). A deployment and a
    plan look at the same few texts over and over, so the last ones are remembered.
    """
    rules = json.loads(table_mappings)["rules"]
    folders = {
        (rule["object-locator"]["schema-name"], rule["object-locator"]["table-name"]): rule["value"]
        for rule in rules
        if rule["rule-type"] == "transformation" and rule["rule-target"] == "table"
    }
    tables = []
    for rule in rules:
        if rule["rule-type"] == "selection":
            place = (rule["object-locator"]["schema-name"], rule["object-locator"]["table-name"])
            if place not in folders:
                raise ValueError(f"{'.'.join(place)} is selected, but not renamed")
            tables.append(MappedTable(_literal(place[0]), _literal(place[1]), folders[place]))
    return tuple(sorted(tables))
