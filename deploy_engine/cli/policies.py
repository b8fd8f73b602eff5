"""``policies``: the three roles of an environment, as IAM takes them."""

from __future__ import annotations

import argparse

from deploy_engine.access import Place, role_documents
from deploy_engine.cli.command import Command
from deploy_engine.cli.exit_codes import OK
from deploy_engine.cli.scopes import add_directory, load_company, subject_of
from deploy_engine.cli.surroundings import Surroundings


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_directory(parser)
    parser.add_argument("--env", metavar="E", required=True, help="the environment")
    parser.add_argument(
        "--trusted",
        metavar="ARN",
        default="",
        help="whom the portal runs as; without it the environment's account says who may assume the roles",
    )


def _run(arguments: argparse.Namespace, around: Surroundings) -> int:
    subject = subject_of(load_company(arguments.directory), arguments.env, None)
    place = Place(subject.environment_name, subject.environment.file)
    documents = role_documents(place, trusted=arguments.trusted)
    around.output.json({key: role.as_json() for key, role in documents.items()})
    return OK


POLICIES = Command("policies", "Print the IAM policies of an environment's three roles.", _arguments, _run)
