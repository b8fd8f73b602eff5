"""``secrets.own``: a team names only secrets under its own prefix."""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, Example
from deploy_engine.checks.places import team_place
from deploy_engine.checks.sample import sample_case, sample_subject, sample_team_file
from deploy_engine.findings import Finding, Status

ID = "secrets.own"


def _run(case: Case) -> Iterator[Finding]:
    if case.subject.is_base:
        return
    prefix = f"sluice/{case.subject.team.slug}/"
    for name, source in case.subject.team.document.team.sources.items():
        for key, secret in (("secret", source.secret), ("catalogue_secret", source.catalogue_secret)):
            if secret is None or secret.startswith(prefix):
                continue
            place = team_place(case.subject, f"/sources/{name}/{key}")
            message = f"the source {name} names the secret {secret}, which is not under {prefix}"
            remedy = f"keep the password in a secret under {prefix} and name that"
            yield Finding(ID, Status.FAILED, message, place.file, place.pointer, remedy, secret, f"{prefix}…")


CHECK = Check(
    id=ID,
    title="Secrets are the team's own",
    severity=Status.FAILED,
    remedy="name a secret under sluice/<team>/; DMS could not read another one for this team",
    run=_run,
    good=Example("the team food names sluice/food/fooddb", lambda: _run(sample_case())),
    bad=Example(
        "the team food names sluice/orders/shop",
        lambda: _run(sample_case(sample_subject(team=sample_team_file("sluice/orders/shop")))),
    ),
)
