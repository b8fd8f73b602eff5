"""Table entries: one line of a task."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field

from deploy_engine.config.names import check_slug, check_table_name, problem
from deploy_engine.config.strict_model import StrictModel
from deploy_engine.config.versions import Version

_PARTS = 3
REMEMBERED = 32_768
"""Tables whose names were found right; the portal reads a team's config again for every edit of it."""


class TableReference(NamedTuple):
    """A source table: source id, schema (MySQL: database), table. ``str()`` gives ``fooddb/foodsearch/barcodes``."""

    source: str
    schema: str
    table: str

    def __str__(self) -> str:
        return "/".join(self)


@lru_cache(maxsize=REMEMBERED)
def parse_table_reference(text: str) -> TableReference:
    """Read ``source/schema/table``; raises pydantic's error type with a sentence where it is anything else."""
    parts = text.split("/")
    if len(parts) != _PARTS:
        allowed = "three parts, source/schema/table, such as fooddb/foodsearch/barcodes"
        shown = text if len(text) <= 60 else text[:60] + "…"
        raise problem(f"{shown!r} has {len(parts)} part(s)", allowed, f"write {allowed}")
    source, schema, table = parts
    return TableReference(check_slug(source), check_table_name(schema), check_table_name(table))


def check_table_reference(text: str) -> str:
    parse_table_reference(text)
    return text


TableIdentity = Annotated[str, AfterValidator(check_table_reference)]


class TableEntry(StrictModel):
    """``{"source": "fooddb/foodsearch/barcodes", "version": "v202011191200"}``; *active* unless paused."""

    source: TableIdentity
    version: Version
    paused: bool = Field(default=False)

    @property
    def reference(self) -> TableReference:
        return TableReference(*self.source.split("/"))

    @property
    def active(self) -> bool:
        return not self.paused

    @property
    def sort_key(self) -> tuple[str, str]:
        return self.source, self.version
