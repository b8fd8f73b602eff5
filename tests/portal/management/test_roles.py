"""The page about roles."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command

from tests.meta.tracked_files import ROOT


def test_roles__page_of_the_docs__is_current() -> None:
    written = StringIO()
    call_command("roles", stdout=written)

    kept = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
    assert kept == written.getvalue(), "renew it: SLUICE_MODE=demo python manage.py roles > docs/roles.md"
