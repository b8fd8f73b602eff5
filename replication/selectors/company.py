"""The whole company as files: the inverse of the import."""

from __future__ import annotations

from deploy_engine.config import write_company
from replication.selectors.scopes import company_accepted


def company_files() -> dict[str, str]:
    """Every file of the config repository as it is accepted now, canonical, path to text."""
    return write_company(company_accepted())
