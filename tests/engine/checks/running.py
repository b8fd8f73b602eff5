"""One check of the catalogue over one case."""

from deploy_engine.checks import CATALOGUE, Case
from deploy_engine.findings import Finding


def found(check: str, case: Case) -> list[Finding]:
    """What the check finds; raises `CouldNotRun` where it cannot tell."""
    return list(next(item for item in CATALOGUE if item.id == check).run(case))


def messages(check: str, case: Case) -> list[str]:
    return [finding.message for finding in found(check, case)]
