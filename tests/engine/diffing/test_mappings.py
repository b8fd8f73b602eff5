"""Mappings read back; that rendering and reading are inverses is held in `tests/engine/rendering/test_mappings.py`."""

import json

import pytest
from hypothesis import given

from deploy_engine.config import TableEntry
from deploy_engine.config.physical_names import table_folder, table_prefix
from deploy_engine.diffing import MappedTable, read_mappings
from tests.engine.strategies import slugs, table_names, versions


@given(slugs, table_names, table_names, versions)
def test_mapped_table__any_entry__gives_back_its_identity_version_and_prefix(
    source: str, schema: str, table: str, version: str
) -> None:
    entry = TableEntry(source=f"{source}/{schema}/{table}", version=version)

    mapped = MappedTable(schema, table, table_folder(entry))

    assert (mapped.identity, mapped.version, mapped.prefix) == (entry.source, entry.version, table_prefix(entry))


def test_read_mappings__a_selected_table_without_a_rename__is_refused() -> None:
    rule = {"rule-type": "selection", "object-locator": {"schema-name": "a", "table-name": "b"}}

    with pytest.raises(ValueError, match=r"a\.b is selected, but not renamed"):
        read_mappings(json.dumps({"rules": [rule]}))


def test_read_mappings__no_rules__is_no_tables() -> None:
    assert read_mappings('{"rules":[]}') == ()
