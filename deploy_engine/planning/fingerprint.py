"""The fingerprint of a plan: what a reviewer approves is exactly this.

It covers config, deployed template, wanted and live run states, steps and the (kind, task, table) of each effect; never
counts, times or estimates, so that a plan made again over an unchanged world is the same plan.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from deploy_engine.config import Subject, canonical_json
from deploy_engine.diffing import TaskConsequence
from deploy_engine.planning.plan import SideEffect, Step


def config_sha256(subject: Subject) -> str:
    """A hash of the judged document; the ledger, which a merge itself moves on, is not part of it."""
    document = subject.environment.file if subject.is_base else subject.team.document
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def fingerprint(
    subject: Subject,
    deployed_sha256: str,
    consequences: Iterable[TaskConsequence],
    steps: Iterable[Step],
    effects: Iterable[SideEffect],
) -> str:
    """The plan's fingerprint, hexadecimal."""
    covered = {
        "environment": subject.environment_name,
        "team": subject.team_slug,
        "config": config_sha256(subject),
        "deployed": deployed_sha256,
        "run_states": [(task.name, task.wanted.value, task.live.value) for task in consequences],
        "steps": [{**step.as_json(), "template": hashlib.sha256(step.template.encode()).hexdigest()} for step in steps],
        "effects": sorted({(effect.kind.value, effect.task, effect.table) for effect in effects}),
    }
    return hashlib.sha256(json.dumps(covered, sort_keys=True).encode()).hexdigest()
