"""The script that asks a real account: against the local AWS it gives the answers that the document says it guesses."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy_engine.local_aws.testing import ACCOUNT, LocalAws
from tests.local_aws.templates import LAKE

DEADLINE_SECONDS = 120.0
SCRIPT = Path(__file__).parents[2] / "scripts" / "try-on-aws"
ANSWERS = {
    "drift": "/ReplicationTaskSettings",
    "statistics": "a list, without an error",
    "template": "the deployed one",
    "tags": "kept",
    "fence": "tag 7: AccessDeniedException; tag 8: InvalidResourceStateFault",
}


def _run(aws: LocalAws, *words: str) -> tuple[int, str, str]:
    """Run the script while time passes; return its exit code and what it said on both ways."""
    environment = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
    command = [sys.executable, str(SCRIPT), "--endpoint-url", aws.endpoint_url, *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True) as process:  # noqa: S603 - ours
        deadline = time.monotonic() + DEADLINE_SECONDS
        while process.poll() is None:
            assert time.monotonic() < deadline
            aws.advance(2)
            time.sleep(0.1)
        said, complained = process.communicate()
    return process.returncode, said, complained


@pytest.mark.parametrize("left_out", ["--account", "--bucket", "--instance-arn"])
def test_script__account_bucket_or_instance_not_named__does_nothing(aws: LocalAws, left_out: str) -> None:
    named = {"--account": ACCOUNT, "--bucket": LAKE, "--instance-arn": "arn"}
    done = _run(aws, *(word for key, value in named.items() if key != left_out for word in (key, value)))
    assert (done[0], left_out in done[2]) == (2, True)
    assert aws.calls() == []


def test_script__credentials_of_another_account__does_nothing(aws: LocalAws) -> None:
    done = _run(aws, "--account", "999999999999", "--bucket", LAKE, "--instance-arn", "arn")
    assert "nothing was done" in done[2]
    assert {call.operation for call in aws.calls()} == {"GetCallerIdentity"}


def test_script__against_the_local_aws__answers_as_documented_and_removes_everything(team: LocalAws) -> None:
    instance = team.client("dms").describe_replication_instances()["ReplicationInstances"][0]
    code, said, complained = _run(
        team, "--account", ACCOUNT, "--bucket", LAKE, "--instance-arn", instance["ReplicationInstanceArn"]
    )
    assert (code, complained) == (0, "")
    lines = said.splitlines()
    answers = {
        question.partition(":")[0]: answer.strip() for question, answer in zip(lines[::2], lines[1::2], strict=True)
    }
    assert answers == answers | ANSWERS
    stacks = team.client("cloudformation").describe_stacks()["Stacks"]
    assert {stack["StackName"] for stack in stacks} == {"sluice-local-base", "sluice-local-food"}
    assert not [item for item in team.client("iam").list_roles()["Roles"] if "sluice-try" in item["RoleName"]]
    assert not [item for item in team.client("secretsmanager").list_secrets()["SecretList"] if "try" in item["Name"]]
