"""``deploy``: carries a plan out by the portal's own state machine; run again after any crash, it continues."""

from __future__ import annotations

import argparse
from pathlib import Path

from deploy_engine.adapters.sqlite_journal import SqliteJournal
from deploy_engine.cli.command import Command
from deploy_engine.cli.deploying import Deployer
from deploy_engine.cli.exit_codes import OK
from deploy_engine.cli.output import Style
from deploy_engine.cli.scopes import (
    add_directory,
    add_give_up,
    add_scope,
    load_company,
    scope_words,
    subject_of,
    subjects_of,
    with_given_up,
)
from deploy_engine.cli.surroundings import Surroundings

JOURNAL_FOLDER = ".sluice"


def journal_path(directory: Path, given: Path | None) -> Path:
    """Where deployments are remembered: beside the config unless said otherwise, and never in its git history."""
    if given is not None:
        return given
    folder = directory / JOURNAL_FOLDER
    folder.mkdir(exist_ok=True)
    (folder / ".gitignore").write_text(
        "# The journal of deployments made from this machine; it belongs to no commit.\n*\n"
    )
    return folder / "journal.sqlite"


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_directory(parser)
    add_scope(parser, all_scopes=True)
    add_give_up(parser)
    parser.add_argument(
        "--continue-rollback",
        action="store_true",
        help="let CloudFormation go on with a rollback that failed, once what stood in its way is mended; one try",
    )
    parser.add_argument(
        "--fenced",
        action="store_true",
        help="AWS itself refuses late stops and starts here: the deployer's role has the condition on sluice-fence",
    )
    parser.add_argument(
        "--journal", metavar="FILE", type=Path, help=f"where deployments are remembered (DIR/{JOURNAL_FOLDER}/)"
    )


def _run(arguments: argparse.Namespace, around: Surroundings) -> int:
    company = load_company(arguments.directory)
    subjects = (
        subjects_of(company, arguments.env, None)
        if arguments.all
        else (subject_of(company, arguments.env, arguments.team),)
    )
    subjects, codes = with_given_up(subjects, arguments.give_up), []
    with (
        SqliteJournal(journal_path(arguments.directory, arguments.journal), clock=around.now) as journal,
        Deployer(
            subjects[0].environment.file,
            journal,
            around,
            fenced=arguments.fenced,
            continue_rollback=arguments.continue_rollback,
        ) as deployer,
    ):
        for subject in subjects:
            around.output.line(scope_words(subject), Style.STRONG)
            codes.append(deployer.deploy(subject))
            if subject.is_base and codes[-1] != OK and len(subjects) > 1:
                around.output.error("The teams' stacks rest on the base stack, so they wait.")
                break
    return max(codes)


DEPLOY = Command("deploy", "Deploy; run again after any crash, it continues.", _arguments, _run)
