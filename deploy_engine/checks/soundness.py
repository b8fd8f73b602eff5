"""Whether a config is sound enough to be rendered, and the rendering if it is."""

from __future__ import annotations

from datetime import datetime

from deploy_engine.checks.case import Case
from deploy_engine.checks.catalogue import config_references, tables_unique
from deploy_engine.config import Subject
from deploy_engine.findings import Status
from deploy_engine.live import Observation
from deploy_engine.rendering import RenderedTemplate, render

_MUST_HOLD = (config_references.CHECK, tables_unique.CHECK)
"""A reference that leads nowhere and a table that stands twice in a task have no right rendering."""


def render_if_sound(subject: Subject, *, now: datetime, sure: frozenset[str] = frozenset()) -> RenderedTemplate | None:
    """The subject's template; None where checks of the config say that there is none to be had.

    ``sure`` are the ids of checks that are known to pass.
    """
    case = Case(subject, None, None, Observation.offline(now), now)
    asked = (check for check in _MUST_HOLD if check.id not in sure)
    failed = any(finding.status is Status.FAILED for check in asked for finding in check.run(case))
    return None if failed else render(subject)
