"""What the engine does most: reading a config and rendering a stack."""

import json

from benchmarks.companies import files_with_tables, food_with_tables
from benchmarks.measuring import Measurement, measure
from deploy_engine.config import parse_company
from deploy_engine.rendering import render_team_stack

MANY_TABLES = 1_000


def rendering() -> Measurement:
    """Render a stack of 1,000 tables, beside writing that very template and its mappings with `json.dumps`."""
    subject = food_with_tables(MANY_TABLES)
    template = render_team_stack(subject).template
    mappings = [
        json.loads(resource["Properties"]["TableMappings"])
        for resource in template["Resources"].values()
        if "TableMappings" in resource.get("Properties", {})
    ]
    return measure(
        title=f"render a team stack of {MANY_TABLES:,} tables",
        ours=lambda: render_team_stack(subject),
        peer_name="`json.dumps` of the same",
        peer=lambda: (json.dumps(template, indent=1), [json.dumps(mapping) for mapping in mappings]),
        goal=1.15,
    )


def reading() -> Measurement:
    """Read and validate a company with 1,000 tables in one task, beside parsing its JSON and nothing more."""
    files = files_with_tables(MANY_TABLES)
    return measure(
        title=f"read and validate a company with {MANY_TABLES:,} tables in one task",
        ours=lambda: parse_company(files),
        peer_name="`json.loads` of the same files",
        peer=lambda: [json.loads(text) for text in files.values()],
        goal=8,
    )


BENCHMARKS = (rendering, reading)
