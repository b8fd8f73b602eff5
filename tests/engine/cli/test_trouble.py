"""What the command line says and does where a deployment needs a person, and behind the fence of AWS itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy_engine.local_aws.testing import LocalAws
from tests.engine.cli.conftest import Run
from tests.engine.cli.test_policies import FOODSEARCH, add_table

pytestmark = pytest.mark.loopback
FENCE = {"StringEquals": {"aws:ResourceTag/sluice-fence": "${aws:PrincipalTag/sluice-fence}"}}
NUTRITION = FOODSEARCH.replace("foodsearch", "nutrition")
STACK, TASK = "sluice-local-food", "sluice-local-food/TaskFoodsearch"


@pytest.fixture
def food(run_in_aws: Run, directory: Path, aws: LocalAws) -> tuple[object, ...]:
    """The food team's stack, deployed and loaded; its scope as arguments."""
    scope = (directory, "--env", "local", "--team", "food")
    assert run_in_aws("deploy", directory, "--env", "local", "--base").code == 0
    assert run_in_aws("deploy", *scope).code == 0
    aws.advance(3600)
    return scope


def _status(aws: LocalAws) -> tuple[str, str]:
    stack = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
    named = [{"Name": "replication-task-id", "Values": ["food-foodsearch"]}]
    (task,) = aws.client("dms").describe_replication_tasks(Filters=named)["ReplicationTasks"]
    return stack, task["Status"]


def test_deploy__rollback_failed__task_runs_and_a_person_lets_it_go_on(
    run_in_aws: Run, directory: Path, aws: LocalAws, food: tuple[object, ...]
) -> None:
    add_table(directory)
    add_table(directory, NUTRITION)
    aws.fault("fail-stack-update", name=f"{STACK}/TaskNutrition", times=1)
    aws.fault("fail-stack-rollback", name=TASK, times=1)

    called = run_in_aws("deploy", *food)

    assert called.code == 4, called.out
    assert _status(aws) == ("UPDATE_ROLLBACK_FAILED", "running"), "stuck, and yet nothing stands still"
    assert "A person is needed: sluice-local-food could not be brought back" in called.out
    assert "--continue-rollback" in called.out

    again = run_in_aws("deploy", *food)
    assert (again.code, _status(aws)) == (4, ("UPDATE_ROLLBACK_FAILED", "running")), again.out

    gone_on = run_in_aws("deploy", *food, "--continue-rollback")
    assert gone_on.code == 1, gone_on.out
    assert "Asking CloudFormation to go on with the rollback" in gone_on.out
    assert _status(aws) == ("UPDATE_ROLLBACK_COMPLETE", "running")
    refused = run_in_aws("deploy", *food)
    assert "data/fooddb_foodsearch_extra_v202601050800/ holds data already" in refused.out or refused.code == 1


def test_deploy__continue_rollback_where_there_is_none__says_so_and_deploys(
    run_in_aws: Run, aws: LocalAws, food: tuple[object, ...]
) -> None:
    done = run_in_aws("deploy", *food, "--continue-rollback")
    assert done.code == 0
    assert "there is no rollback to go on with" in done.out


def test_deploy__second_step_of_a_reload_fails__says_half_and_the_same_command_ends_it(
    run_in_aws: Run, directory: Path, aws: LocalAws, food: tuple[object, ...]
) -> None:
    path = directory / FOODSEARCH
    task = json.loads(path.read_text())
    task["tables"][0]["version"] = "v202601050900"
    path.write_text(json.dumps(task))
    aws.fault("fail-stack-update", name=TASK, skip=1, times=1)

    half = run_in_aws("deploy", *food)

    assert half.code == 4, half.out
    assert _status(aws)[1] == "running"
    assert "Run the same command again to try the next step once more" in half.out
    ended = run_in_aws("deploy", *food)
    assert ended.code == 0, ended.out
    assert "Trying the step again" in ended.out


def test_deploy__where_aws_fences_late_calls_off__needs_to_be_told_and_then_bears_the_fence(
    run_in_aws: Run, directory: Path, aws: LocalAws, food: tuple[object, ...]
) -> None:
    _fence_the_deployer(aws)
    add_table(directory)

    without = run_in_aws("deploy", *food)
    assert (without.code, _status(aws)[1]) == (1, "running"), without.out

    fenced = run_in_aws("deploy", *food, "--fenced")
    assert fenced.code == 0, fenced.out
    assert _status(aws) == ("UPDATE_COMPLETE", "running")


def _fence_the_deployer(aws: LocalAws) -> None:
    """Narrow its policy: stops and starts only of tasks that bear the session's own fence."""
    iam = aws.client("iam")
    role = "sluice-deployer"
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    for item in list(policy["Statement"]):
        if "dms:StopReplicationTask" in item["Action"]:
            late = {"dms:StopReplicationTask", "dms:StartReplicationTask"}
            item["Action"] = sorted(set(item["Action"]) - late)
            fenced = {"Effect": "Allow", "Action": sorted(late), "Resource": item["Resource"], "Condition": FENCE}
            policy["Statement"].append(fenced)
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy))
    trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    for item in trust["Statement"]:
        item["Action"] = ["sts:AssumeRole", "sts:TagSession"]
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
