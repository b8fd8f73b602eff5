"""cfn-lint in process: does the rendered template fit CloudFormation's own resource schemas?

No rule is switched off: Sluice's templates pass all of them. What cfn-lint does not look into is ``TableMappings`` and
``ReplicationTaskSettings``, which are strings to CloudFormation (dms-facts.md section 5); Sluice's own checks and
golden tests hold those. Importing cfn-lint takes seconds and loading its rules one more, so both wait for the first
use; a run over loaded rules takes some 20 ms.
"""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import Any

from deploy_engine.config.strict_json import pointer_of
from deploy_engine.live import LintProblem

REMEMBERED = 256
"""Verdicts kept, by template and region: every edit asks again, and mostly about a template that was seen before."""

_one_at_a_time = Lock()  # a run writes into the runner's own config


def cfn_lint(template: str, region: str) -> tuple[LintProblem, ...]:
    """What cfn-lint says of a template's text for ``region``; empty where it has nothing to say."""
    with _one_at_a_time:
        return _remembered(template, region)


@lru_cache(maxsize=REMEMBERED)
def _remembered(template: str, region: str) -> tuple[LintProblem, ...]:
    from cfnlint.decode.decode import decode_str  # noqa: PLC0415 - takes seconds, see above
    from cfnlint.helpers import REGION_PRIMARY, REGIONS  # noqa: PLC0415 - takes seconds, see above

    decoded, errors = decode_str(template)
    known = region if region in REGIONS else REGION_PRIMARY
    matches = errors or list(_runner(known).validate_template(decoded))
    problems = tuple(_problem(match) for match in matches)
    if known == region:
        return problems
    return (
        *problems,
        LintProblem("region", "warning", f"cfn-lint does not know {region}; checked for {known} instead"),
    )


@lru_cache(maxsize=8)
def _runner(region: str) -> Any:
    from cfnlint.config import ConfigMixIn  # noqa: PLC0415 - takes seconds, see above
    from cfnlint.runner import Runner  # noqa: PLC0415 - takes seconds, see above

    return Runner(ConfigMixIn([], regions=[region]))


def _problem(match: Any) -> LintProblem:
    pointer = pointer_of(tuple(getattr(match, "path", None) or ()))
    return LintProblem(rule=match.rule.id, level=match.rule.severity, message=match.message, pointer=pointer)
