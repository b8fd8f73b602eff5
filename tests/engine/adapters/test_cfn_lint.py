"""cfn-lint in process: quiet about what Sluice renders, loud about what CloudFormation would refuse."""

from __future__ import annotations

import json

import pytest

from deploy_engine.adapters.cfn_lint import cfn_lint
from deploy_engine.config import Company, Subject
from deploy_engine.rendering import render
from tests.engine.example_company import example_subjects

SCOPES = {f"{of.environment_name}/{of.team_slug or 'base'}": of for of in example_subjects()}


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_cfn_lint__what_sluice_renders__has_nothing_to_say(scope: str) -> None:
    subject = SCOPES[scope]
    assert cfn_lint(render(subject).text, subject.environment.file.region) == ()


def test_cfn_lint__unknown_property__is_an_error_with_its_place() -> None:
    template = {"Resources": {"Lake": {"Type": "AWS::S3::Bucket", "Properties": {"BucketNam": "x"}}}}
    problems = cfn_lint(json.dumps(template), "eu-west-1")
    assert [(problem.rule, problem.is_error) for problem in problems] == [("E3002", True)]
    assert problems[0].pointer == "/Resources/Lake/Properties/BucketNam"


def test_cfn_lint__text_that_is_no_template__is_an_error() -> None:
    assert any(problem.is_error for problem in cfn_lint("{", "eu-west-1"))


def test_cfn_lint__region_that_it_does_not_know__is_a_warning_and_no_crash(company: Company) -> None:
    problems = cfn_lint(render(Subject(company, "local", None)).text, "xx-north-9")
    assert [(problem.rule, problem.is_error) for problem in problems] == [("region", False)]
