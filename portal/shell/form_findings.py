"""What the domain found, put into the form that was posted."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from deploy_engine.findings import Finding


def take_findings(form: forms.Form, findings: Iterable[Finding]) -> None:
    """Put what the domain found beside its field, or above them all."""
    for finding in findings:
        name, _, place = finding.pointer.strip("/").partition("/")
        line = f"Line {int(place) + 1}: " if place.isdigit() else ""
        remedy = f" {finding.remedy[:1].upper()}{finding.remedy[1:]}." if finding.remedy else ""
        sentence = finding.message if finding.message.endswith(".") else f"{finding.message}."
        form.add_error(name if name in form.fields else None, f"{line}{sentence}{remedy}")
