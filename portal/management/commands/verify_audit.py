"""`manage.py verify_audit`: prove that nobody rewrote the audit. Exit 0 proven, 1 something was altered, 2 usage."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from replication.audit_chain import COMPANY_CHAIN
from replication.selectors.audit_proof import Proof, audit_prove

EXIT_ALTERED = 1


class Command(BaseCommand):
    """Computes every chain anew and holds it against the anchors in the commits."""

    help = (
        "Prove that no audit event was altered, removed, reordered or cut off. Names the first row that was, and says "
        "how many of the newest rows no anchor covers yet. Exit 0: proven. 1: altered. 2: usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose anchors."""
        parser.add_argument(
            "--repository", type=Path, help="a bare clone of the config repository; proves more than Sluice's own"
        )
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove, or name what is wrong."""
        repository: Path | None = options["repository"]
        if repository is not None and not (repository / "HEAD").exists():
            raise CommandError(f"{repository} is no bare git repository.", returncode=2)
        proof = audit_prove(repository)
        self.stdout.write(_as_json(proof) if options["json"] else _in_words(proof))
        if proof.problems:
            sys.exit(EXIT_ALTERED)


def _as_json(proof: Proof) -> str:
    chains = [{**asdict(verdict), "unanchored": verdict.unanchored} for verdict in proof.chains]
    return json.dumps({"ok": not proof.problems, "chains": chains, "problems": proof.problems})


def _in_words(proof: Proof) -> str:
    lines = []
    for verdict in proof.chains:
        name = "events without an environment" if verdict.chain == COMPANY_CHAIN else verdict.chain
        lines.append(
            f"{name}: {verdict.rows} rows in order, {verdict.anchored} of them covered by anchors, "
            f"the newest {verdict.unanchored} by none yet."
        )
    lines += proof.problems or [f"Nothing was altered ({proof.anchors} anchors)."]
    return "\n".join(lines)
