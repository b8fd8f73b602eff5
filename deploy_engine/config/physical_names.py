"""Physical names: what things are called in AWS and S3. Frozen at the first deployment; a golden test holds them."""

from __future__ import annotations

from deploy_engine.config.tables import TableEntry

TARGET_SCHEMA = "data"
"""Every table's schema is renamed to this, so that all data lies under ``data/`` in the lake bucket."""


def base_stack_name(environment: str) -> str:
    return f"sluice-{environment}-base"


def team_stack_name(environment: str, team: str) -> str:
    return f"sluice-{environment}-{team}"


def export_name(environment: str, what: str) -> str:
    """The name of a base stack's export; ``what`` is e.g. ``lake-1min``, ``security-group``, ``subnet-group``."""
    return f"sluice-{environment}-{what}"


def dms_name(team: str, name: str) -> str:
    """The identifier of a team's DMS task, instance or source endpoint; a team slug has no hyphen, so none collide."""
    return f"{team}-{name}"


def team_of(dms_task: str) -> str:
    """The slug of the team whose task, instance or endpoint has this DMS name."""
    return dms_task.partition("-")[0]


def logical_id(kind: str, slug: str) -> str:
    """A CloudFormation logical id. ``X`` stands for the hyphen: slugs have no capitals, so no two slugs collide."""
    return kind + slug[:1].upper() + slug[1:].replace("-", "X")


def folder_of(identity: str, version: str) -> str:
    """The versioned folder of a table: ``<source>_<schema>_<table>_<version>``; an identity has no other slashes."""
    return f"{identity.replace('/', '_')}_{version}"


def table_folder(entry: TableEntry) -> str:
    """The entry's versioned folder."""
    return folder_of(entry.source, entry.version)


def table_prefix(entry: TableEntry) -> str:
    """Where the entry's data lies in the lake bucket, with the slash at its end."""
    return f"{TARGET_SCHEMA}/{table_folder(entry)}/"
