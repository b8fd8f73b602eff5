"""What the engine does most: rendering a stack, and reading and checking configs."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import fastjsonschema

from benchmarks.companies import files_with_tables, fleet, food_with_tables
from benchmarks.measuring import Measurement, measure
from deploy_engine.checks.fleet import fleet_findings
from deploy_engine.cli.schema import FILES, config_schema
from deploy_engine.config import Subject, parse_company
from deploy_engine.rendering import mappings, render_team_stack

MANY_TABLES = 1_000
TEAMS, TABLES_OF_EACH = 1_000, 200


def _dumps(subject: Subject) -> tuple[Any, list[Any]]:
    template = render_team_stack(subject).template
    texts = [resource.get("Properties", {}).get("TableMappings") for resource in template["Resources"].values()]
    return template, [json.loads(text) for text in texts if text]


def _forget() -> None:
    """Rendering as in a process that has rendered nothing yet."""
    mappings._rules_text.cache_clear()
    mappings._first_choice.cache_clear()


def rendering() -> Iterator[Measurement]:
    """Render a stack of 1,000 tables, beside writing that very template and its mappings with `json.dumps`."""
    subject = food_with_tables(MANY_TABLES)
    template, rules = _dumps(subject)

    def dumps() -> object:
        return json.dumps(template, indent=1), [json.dumps(mapping) for mapping in rules]

    peer = "`json.dumps` of the same objects"
    title = f"render a team stack of {MANY_TABLES:,} tables"
    yield measure(
        title=f"{title}, again as for each edit", ours=lambda: render_team_stack(subject), peer_name=peer, peer=dumps,
        goal=1.15,
    )  # fmt: skip

    def for_the_first_time() -> object:
        _forget()
        return render_team_stack(subject)

    yield measure(
        title=f"{title}, for the first time in a process",
        ours=for_the_first_time,
        peer_name=peer,
        peer=dumps,
        goal=None,
    )
    ten_times = food_with_tables(10 * MANY_TABLES)
    yield measure(
        title=f"render {10 * MANY_TABLES:,} tables",
        ours=lambda: render_team_stack(ten_times),
        peer_name=f"rendering {MANY_TABLES:,}",
        peer=lambda: render_team_stack(subject),
        goal=13,
    )


@cache
def big_fleet() -> dict[str, str]:
    """The files of 1,000 teams with 200 tables each."""
    return fleet(TEAMS, TABLES_OF_EACH)


def _json_schema_of_each_file() -> Callable[[], object]:
    """Reading the fleet's files and validating each by the published JSON Schema, compiled: what a peer would do."""
    schema = config_schema()
    validate = {
        path.rsplit("/", 1)[-1]: fastjsonschema.compile(
            {"$ref": f"#/$defs/{model.__name__}", "$defs": schema["$defs"]}, use_default=False
        )
        for path, model in FILES
    }

    def validated() -> None:
        for path, text in big_fleet().items():
            name = path.rsplit("/", 1)[-1]
            validate.get(name, validate["<task>.json"])(json.loads(text))

    return validated


def checking() -> Iterator[Measurement]:
    """Check a fleet from text, with every check across its files."""
    files, now = big_fleet(), datetime.now(UTC)
    validated = _json_schema_of_each_file()
    peer = "`json.loads` and fastjsonschema by the published schema, file by file"
    title = f"check {TEAMS:,} teams of {TABLES_OF_EACH} tables from text: schema, references, tables, paths, versions"
    yield measure(title=title, ours=lambda: fleet_findings(files, now), peer_name=peer, peer=validated, goal=2)
    yield measure(
        title="read the same fleet into the typed models",
        ours=lambda: parse_company(files),
        peer_name=peer,
        peer=validated,
        goal=None,
    )
    odd = files_with_tables(MANY_TABLES)
    yield measure(
        title=f"read {MANY_TABLES:,} tables from a file that is not canonical, by the models",
        ours=lambda: parse_company(odd),
        peer_name="`json.loads` of the same",
        peer=lambda: [json.loads(text) for text in odd.values()],
        goal=None,
    )


BENCHMARKS = (rendering, checking)
