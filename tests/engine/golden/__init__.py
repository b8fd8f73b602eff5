"""Golden files: what the example company renders to, and what things are called in AWS and S3.

A difference is either a mistake or a change of what runs in every company, so it is looked at before it is taken:
`python -m tests.engine.golden` writes the files again, and `git diff` shows what moved. Physical names never move.
"""

import json
from pathlib import Path

from deploy_engine.config import Subject
from deploy_engine.config.physical_names import (
    base_stack_name,
    dms_name,
    export_name,
    logical_id,
    table_prefix,
    team_stack_name,
)
from deploy_engine.rendering import render
from tests.engine.example_company import example_company, example_subjects

FOLDER = Path(__file__).parent
NAMES = "physical-names.json"


def template_file(subject: Subject) -> str:
    return f"{subject.environment_name}-{subject.team_slug or 'base'}.template.json"


def physical_names() -> str:
    """Every physical name of the example company, as JSON."""
    names: dict[str, object] = {}
    for environment in example_company().environments.values():
        names[environment.name] = {
            "base stack": base_stack_name(environment.name),
            "exports": [export_name(environment.name, what) for what in ("lake-1min", "security-group")],
            "teams": {
                slug: {
                    "stack": team_stack_name(environment.name, slug),
                    "tasks": {name: [dms_name(slug, name), logical_id("Task", name)] for name in team.document.tasks},
                    "prefixes": [table_prefix(entry) for _, entry in team.document.entries],
                }
                for slug, team in environment.teams.items()
            },
        }
    return json.dumps(names, indent=2) + "\n"


def golden_files() -> dict[str, str]:
    """What each golden file should say, by its name."""
    return {NAMES: physical_names()} | {template_file(subject): render(subject).text for subject in example_subjects()}
