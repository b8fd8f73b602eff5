"""``template.lint``: cfn-lint accepts the rendered template, and so does CloudFormation where it was asked."""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.checks.case import Case
from deploy_engine.checks.check import Check, CouldNotRun, Example, Part
from deploy_engine.checks.places import scope_place
from deploy_engine.checks.sample import sample_case
from deploy_engine.findings import Finding, Status
from deploy_engine.live import LintProblem, Unknown

ID = "template.lint"
_REMEDY = "change the setting that the message is about; if none is, tell the platform team"


def _run(case: Case) -> Iterator[Finding]:
    lint, complaint = case.observation.lint, case.observation.validated
    if isinstance(lint, Unknown) or isinstance(complaint, Unknown):
        raise CouldNotRun("the template was not judged")
    file = scope_place(case.subject).file
    for problem in lint:
        status = Status.FAILED if problem.is_error else Status.WARNING
        message = f"cfn-lint says of the rendered template: {problem.message} ({problem.rule})"
        yield Finding(ID, status, message, file, "", _REMEDY, problem.pointer)
    if complaint is not None:
        message = f"CloudFormation does not accept the rendered template: {complaint}"
        yield Finding(ID, Status.FAILED, message, file, "", _REMEDY)


CHECK = Check(
    id=ID,
    title="CloudFormation accepts the template",
    severity=Status.FAILED,
    remedy=_REMEDY,
    run=_run,
    needs=frozenset({Part.TEMPLATE, Part.LINT, Part.VALIDATED}),
    reads=("cloudformation:ValidateTemplate",),
    good=Example("a template of which cfn-lint says nothing", lambda: _run(sample_case())),
    bad=Example(
        "a template with a property that CloudFormation does not know",
        lambda: _run(sample_case(lint=(LintProblem("E3002", "error", "'Sise' was unexpected"),))),
    ),
)
