"""A client that nobody here wrote: the AWS command line makes and runs a replication by hand, over a real process."""

import io
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from awscli.clidriver import CLIDriver, create_clidriver

from tests.local_aws.templates import LAKE, SECRET, SUBNETS, TEMPLATES, VPC, base_template, mappings, team_template

READY_SECONDS, TASK_SECONDS = 60.0, 90.0
AWS = Path(sys.executable).with_name("aws")
ENVIRONMENT = {
    "account": "123456789012",
    "region": "eu-west-1",
    "lake_bucket": LAKE,
    "templates_bucket": TEMPLATES,
    "network": {"vpc": VPC, "subnets": list(SUBNETS)},
    "roles": {},
}
TEAM = {"sources": {"fooddb": {"engine": "postgres", "database": "food", "secret": SECRET}}}


VARIABLES = {
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "y",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_MAX_ATTEMPTS": "1",
}


@dataclass
class Hands:
    """Somebody at a terminal, in a directory of their own.

    The command line's own entry is called in this process: a hundred starts of it would take a minute of its time.
    That it is the same program is seen from the first command, which is a process.
    """

    directory: Path
    endpoint_url: str
    driver: CLIDriver = field(default_factory=create_clidriver)

    def aws(self, *words: str, fails_with: str = "") -> Any:
        """Give one AWS command and return its answer; with ``fails_with`` it must fail and say that."""
        said, complained = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
        words = ("--endpoint-url", self.endpoint_url, "--output", "json", *words)
        with chdir(self.directory), redirect_stdout(said), redirect_stderr(complained):
            code = self.driver.main(list(words))
        said.seek(0)
        return self._answer(code, said.read(), complained.getvalue(), fails_with)

    def aws_in_a_process(self, *words: str) -> Any:
        """The same, as a shell does it."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.directory), **VARIABLES}
        command = [str(AWS), "--endpoint-url", self.endpoint_url, "--output", "json", *words]
        done = subprocess.run(  # noqa: S603 - the command line of the project's own requirements
            command, cwd=self.directory, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        return self._answer(done.returncode, done.stdout, done.stderr, "")

    @staticmethod
    def _answer(code: int, said: str, complained: str, fails_with: str) -> Any:
        if fails_with:
            assert code != 0
            assert fails_with in complained
            return None
        assert code == 0, complained
        return json.loads(said) if said.strip().startswith(("{", "[")) else said

    def write(self, name: str, text: str) -> str:
        """Write a file and return how the command line refers to it."""
        (self.directory / name).write_text(text)
        return f"file://{name}"

    def until(self, wanted: str, *words: str) -> None:
        """Ask again and again until the answer (one word, by ``--query``) is ``wanted``."""
        deadline = time.monotonic() + TASK_SECONDS
        while (seen := self.aws(*words, "--output", "text").strip()) != wanted:
            assert time.monotonic() < deadline, f"{wanted} was not reached, but {seen}"


@dataclass
class Computer:
    """What the local AWS runs on: two hundred times as fast, its state kept, so that it can be switched off and on."""

    directory: Path
    process: subprocess.Popen[bytes] | None = None

    def switch_on(self) -> Hands:
        """Start the local AWS and return somebody at a terminal."""
        log = self.directory / "log"
        words = ["--port", "0", "--speed", "200", "--company", str(self.directory / "company"), "--env", "local"]
        words += ["--state", str(self.directory / "state")]
        with log.open("w") as file:
            command = [sys.executable, "-m", "deploy_engine.local_aws", *words]
            self.process = subprocess.Popen(command, stderr=file)  # noqa: S603 - the program under test
        return Hands(self.directory, _address(log))

    def switch_off(self) -> None:
        """End the local AWS as a service manager does; it must end well."""
        if self.process is not None:
            self.process.terminate()
            assert self.process.wait(timeout=30) == 0
            self.process = None


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Computer]:
    """A computer with a company's surroundings."""
    for name, value in {**VARIABLES, "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "company" / "environments" / "local"
    (folder / "teams" / "food").mkdir(parents=True)
    (folder / "environment.json").write_text(json.dumps(ENVIRONMENT))
    (folder / "teams" / "food" / "team.json").write_text(json.dumps(TEAM))
    found = Computer(tmp_path)
    yield found
    found.switch_off()


def _address(log: Path) -> str:
    deadline = time.monotonic() + READY_SECONDS
    while "ready at " not in (said := log.read_text()):
        assert time.monotonic() < deadline, said
        time.sleep(0.1)
    return said.partition("ready at ")[2].partition(",")[0]


def _drifts_after_a_change_by_hand(hands: Hands, arn: str) -> dict[str, list[str]]:
    """Change a task's mappings past CloudFormation and return what CloudFormation then finds."""
    status = ("dms", "describe-replication-tasks", "--query", "ReplicationTasks[0].Status")
    hands.aws("dms", "stop-replication-task", "--replication-task-arn", arn)
    hands.until("stopped", *status)
    by_hand = hands.write("by-hand.json", mappings("barcodes", "brands"))
    hands.aws("dms", "modify-replication-task", "--replication-task-arn", arn, "--table-mappings", by_hand)
    hands.until("stopped", *status)
    detection = hands.aws("cloudformation", "detect-stack-drift", "--stack-name", "food")["StackDriftDetectionId"]
    looked = ("cloudformation", "describe-stack-drift-detection-status", "--stack-drift-detection-id", detection)
    hands.until("DETECTION_COMPLETE", *looked, "--query", "DetectionStatus")
    return _drifts(hands)


def _require_sound(hands: Hands) -> None:
    """Fail if the local AWS has seen defects of its own."""
    with urllib.request.urlopen(f"{hands.endpoint_url}/_sluice/broken", timeout=10) as answer:  # noqa: S310 - our own
        assert json.loads(answer.read()) == {"broken": []}


def _drifts(hands: Hands) -> dict[str, list[str]]:
    """Return the paths that differ, by the resources that were found modified."""
    modified = ("--stack-resource-drift-status-filters", "MODIFIED")
    found = hands.aws("cloudformation", "describe-stack-resource-drifts", "--stack-name", "food", *modified)
    return {
        drift["LogicalResourceId"]: [difference["PropertyPath"] for difference in drift["PropertyDifferences"]]
        for drift in found["StackResourceDrifts"]
    }


def test_command_line__replication_by_hand__deploys_loads_refuses_resumes_drifts_and_survives(
    computer: Computer,
) -> None:
    hands = computer.switch_on()
    stack = ("--stack-name", "food")
    named = (*stack, "--change-set-name", "first")
    status = ("cloudformation", "describe-stacks", *stack, "--query", "Stacks[0].StackStatus")
    base = ("cloudformation", "describe-stacks", "--stack-name", "base", "--query", "Stacks[0].StackStatus")
    task = ("dms", "describe-replication-tasks", "--query", "ReplicationTasks[0].Status")

    body = hands.write("base.json", base_template())
    acknowledged = ("--capabilities", "CAPABILITY_NAMED_IAM")
    hands.aws_in_a_process(
        "cloudformation", "create-stack", "--stack-name", "base", "--template-body", body, *acknowledged
    )
    hands.until("CREATE_COMPLETE", *base)

    hands.write("team.json", team_template())
    hands.aws("s3", "cp", "team.json", f"s3://{TEMPLATES}/team.json")
    url = ("--template-url", f"{hands.endpoint_url}/{TEMPLATES}/team.json")
    hands.aws("cloudformation", "create-change-set", *named, "--change-set-type", "CREATE", *url, *acknowledged)
    hands.until("CREATE_COMPLETE", "cloudformation", "describe-change-set", *named, "--query", "Status")
    hands.aws("cloudformation", "execute-change-set", *named)
    hands.until("CREATE_COMPLETE", *status)

    arn = hands.aws("dms", "describe-replication-tasks", "--without-settings")["ReplicationTasks"][0]
    by_arn = ("--replication-task-arn", arn["ReplicationTaskArn"])
    hands.aws("dms", "start-replication-task", *by_arn, "--start-replication-task-type", "start-replication")
    hands.until("running", *task)
    progress = "ReplicationTasks[0].ReplicationTaskStats.FullLoadProgressPercent"
    hands.until("100", "dms", "describe-replication-tasks", "--query", progress)
    tables = hands.aws("dms", "describe-table-statistics", *by_arn)["TableStatistics"]
    assert {item["TableState"] for item in tables} == {"Table completed"}
    listed = hands.aws("s3", "ls", "--recursive", f"s3://{LAKE}/data/")
    assert "data/fooddb_foodsearch_barcodes_v202601010000/LOAD00000001.csv.gz" in listed

    changed = hands.write("changed.json", team_template({"foodsearch": mappings("barcodes")}))
    update = ("cloudformation", "update-stack", *stack, "--template-body", changed, *acknowledged)
    hands.aws(*update)
    hands.until("UPDATE_ROLLBACK_COMPLETE", *status)
    hands.aws("dms", "stop-replication-task", *by_arn)
    hands.until("stopped", *task)
    hands.aws(*update)
    hands.until("UPDATE_COMPLETE", *status)
    again = ("dms", "start-replication-task", *by_arn, "--start-replication-task-type")
    hands.aws(*again, "start-replication", fails_with="valid only for tasks running for the first time")
    hands.aws(*again, "resume-processing")
    hands.until("running", *task)
    assert len(hands.aws("dms", "describe-table-statistics", *by_arn)["TableStatistics"]) == 1

    drifts = _drifts_after_a_change_by_hand(hands, by_arn[1])
    assert drifts == {"Taskfoodsearch": ["/TableMappings", "/ReplicationTaskSettings"]}

    computer.switch_off()
    hands = computer.switch_on()
    assert _drifts(hands) == drifts
    assert hands.aws(*status, "--output", "text").strip() == "UPDATE_COMPLETE"
    assert {*listed.splitlines()} <= {*hands.aws("s3", "ls", "--recursive", f"s3://{LAKE}/data/").splitlines()}
    hands.aws(*again, "resume-processing")
    hands.until("running", *task)
    _require_sound(hands)
