"""Reading canonical files quickly: what is surely right, and nothing else.

Nearly every file that is read was written by Sluice: canonical, a line per table (``canonical.py``). One pattern holds
a whole such file, made of the very patterns that the models check names with; what it matches in full has no key twice,
no unknown key, no wrong type and no text after its end. Everything that does not match goes to the models, which say
what is wrong with it: a reading here never makes a finding, and never differs from theirs (a property test holds both).
See docs/decisions/0018-a-quick-way-for-what-is-surely-right.md.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import NamedTuple

from deploy_engine.config.ledger import Ledger, VersionState
from deploy_engine.config.names import MAX_SLUG, SLUG, TABLE_NAME
from deploy_engine.config.problems import parse_text
from deploy_engine.config.strict_json import MAX_CHARACTERS
from deploy_engine.config.tables import TableEntry
from deploy_engine.config.task import Delivery, TaskFile, TaskSettings
from deploy_engine.config.versions import REMEMBERED, SHAPE, version_time

_SLUG = rf"(?![a-z0-9-]{{{MAX_SLUG + 1}}})(?>{SLUG})"
_IDENTITY = rf"{_SLUG}/(?>{TABLE_NAME})/(?>{TABLE_NAME})"
_ENTRY = rf'    \{{"source": "{_IDENTITY}", "version": "{SHAPE}"(?:, "paused": true)?\}}'
_TASK = re.compile(
    rf'\{{\n  "source": "({_SLUG})",\n  "instance": "({_SLUG})",\n'
    rf'  "delivery": "({"|".join(Delivery)})",\n  "paused": (true|false),\n(?:  "settings": (\{{[^\n]*\}}),\n)?'
    rf'  "tables": \[(?:\n((?:{_ENTRY},\n)*+{_ENTRY})\n  )?\]\n\}}\n'
)
_READ_ENTRY = re.compile(r'"source": "([^"]+)", "version": "([^"]+)"(, "paused": true)?')
_VERSIONS = rf'"{SHAPE}": "(?:{"|".join(VersionState)})"'
_LEDGER_LINE = rf'  "{_IDENTITY}": \{{{_VERSIONS}(?:, {_VERSIONS})*+\}}'
_LEDGER = re.compile(rf"\{{\n(?:{_LEDGER_LINE},\n)*+{_LEDGER_LINE}\n\}}\n")

_STATES = {state.value: state for state in VersionState}

Row = tuple[str, str, str]
"""A table entry: identity, version, and "" where it is active."""


class TaskRows(NamedTuple):
    """A task file that is surely right, its tables in canonical order."""

    source: str
    instance: str
    delivery: str
    paused: bool
    settings: TaskSettings | None
    tables: list[Row]

    def file(self) -> TaskFile:
        """The same as a model. Made without validation, which the pattern was."""
        return TaskFile.model_construct(
            {"source", "instance", "delivery", "paused", "tables", *(("settings",) if self.settings else ())},
            source=self.source,
            instance=self.instance,
            delivery=Delivery(self.delivery),
            paused=self.paused,
            settings=self.settings,
            tables=tuple(
                TableEntry.model_construct(
                    {"source", "version", "paused"} if paused else {"source", "version"},
                    source=identity,
                    version=version,
                    paused=bool(paused),
                )
                for identity, version, paused in self.tables
            ),
        )


@lru_cache(maxsize=REMEMBERED)
def _is_moment(version: str) -> bool:
    """Whether a version of the right shape is a moment."""
    try:
        version_time(version)
    except ValueError:
        return False
    return True


def sure_task(text: str) -> TaskRows | None:
    """The task file that ``text`` is, or None where only the models can tell."""
    match = _TASK.fullmatch(text) if len(text) <= MAX_CHARACTERS else None
    if match is None:
        return None
    source, instance, delivery, paused, settings_text, lines = match.groups()
    tables: list[Row] = _READ_ENTRY.findall(lines) if lines else []
    if tables != sorted(tables) or not all(map(_is_moment, {version for _, version, _ in tables})):
        return None
    settings = parse_text(TaskSettings, settings_text) if settings_text else None
    if isinstance(settings, tuple):
        return None
    return TaskRows(source, instance, delivery, paused == "true", settings, tables)


def ledger_of(tables: dict[str, dict[str, str]]) -> Ledger:
    """What :func:`sure_ledger` read, as a model. Made without validation, which the pattern was."""
    root = {
        identity: {version: _STATES[state] for version, state in versions.items()}
        for identity, versions in tables.items()
    }
    return Ledger.model_construct(root)


def sure_ledger(text: str) -> dict[str, dict[str, str]] | None:
    """The ledger that ``text`` is, states by version by table identity, or None where only the models can tell."""
    if len(text) > MAX_CHARACTERS or _LEDGER.fullmatch(text) is None:
        return None
    tables: dict[str, dict[str, str]] = json.loads(text)
    states = sum(map(len, tables.values()))
    if len(tables) != text.count("\n") - 2 or states != text.count(': "active"') + text.count(': "retired"'):
        return None  # a key stands twice
    if not all(map(_is_moment, {version for versions in tables.values() for version in versions})):
        return None
    return tables
