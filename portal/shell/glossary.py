"""The words that pages use, explained in the footer of each of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GlossaryEntry:
    """One word and what it means here."""

    word: str
    meaning: str


GLOSSARY = (
    GlossaryEntry("environment", "One AWS account and region that tables are replicated to, with its own data lake."),
    GlossaryEntry("source", "A relational database that a team owns."),
    GlossaryEntry("task", "What moves tables of one source into the lake, at one pace. AWS DMS runs it."),
    GlossaryEntry("version", "The UTC minute in a table's S3 path. A higher version is a reload under a new path."),
    GlossaryEntry(
        "change request", "A proposed edit of a team's tables, with its checks, plan, reviews and deployment."
    ),
    GlossaryEntry(
        "check", "An automatic rule. Passed, warning, or failed; one that could not run blocks like a failed one."
    ),
    GlossaryEntry("plan", "What deploying would do, step by step, with its side effects. Making one changes nothing."),
    GlossaryEntry("revision", "One accepted state of a team's config: numbered, one git commit, never changed."),
    GlossaryEntry("deployment", "One run of a plan in one environment."),
    GlossaryEntry("synced, out of sync", "Whether what runs in AWS is what the accepted revision says."),
    GlossaryEntry("healthy, degraded", "Whether what runs, runs well."),
    GlossaryEntry("ledger", "Every version that was ever active for each table. A retired one never returns."),
)
