"""``schema``: the JSON Schema of the config language, from the very models that parse it."""

from __future__ import annotations

import argparse
from typing import Any

from pydantic.json_schema import models_json_schema

from deploy_engine.cli.command import Command
from deploy_engine.cli.exit_codes import OK
from deploy_engine.cli.surroundings import Surroundings
from deploy_engine.config import EnvironmentFile, Ledger, TaskFile, TeamFile
from deploy_engine.config.repository import FormatFile

FILES: tuple[tuple[str, Any], ...] = (
    ("sluice.json", FormatFile),
    ("environments/<env>/environment.json", EnvironmentFile),
    ("environments/<env>/teams/<team>/team.json", TeamFile),
    ("environments/<env>/teams/<team>/tasks/<task>.json", TaskFile),
    ("environments/<env>/teams/<team>/versions.json", Ledger),
)
"""Every kind of file, with the model that reads it."""


def config_schema() -> dict[str, Any]:
    """One document: a definition per kind of file, and under ``x-files`` which definition holds for which path.

    What JSON Schema cannot say (names in full, versions that are moments) is checked by the same models on reading.
    """
    _, whole = models_json_schema(
        [(model, "validation") for _, model in FILES],
        by_alias=True,
        title="Sluice config",
        description="The files of a config repository. Each kind of file is one of the definitions.",
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **whole,
        "x-files": {path: {"$ref": f"#/$defs/{model.__name__}"} for path, model in FILES},
        "anyOf": [{"$ref": f"#/$defs/{model.__name__}"} for _, model in FILES],
    }


def _arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def _run(arguments: argparse.Namespace, around: Surroundings) -> int:
    around.output.json(config_schema())
    return OK


SCHEMA = Command("schema", "Print the JSON Schema of the config language.", _arguments, _run)
