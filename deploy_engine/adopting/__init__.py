"""Adopting: replication that somebody set up by hand, read from DMS into a draft of a config.

Functions over values: what an account has (``estate``), what a task's rules select
(``foreign_mappings``), and the draft.
"""

from __future__ import annotations

from deploy_engine.adopting.draft import Answers, Draft, draft_of
from deploy_engine.adopting.estate import Estate, ForeignEndpoint, ForeignInstance, ForeignTask
from deploy_engine.adopting.foreign_mappings import ForeignTable, read_mappings
from deploy_engine.adopting.gaps import Gap

__all__ = [
    "Answers",
    "Draft",
    "Estate",
    "ForeignEndpoint",
    "ForeignInstance",
    "ForeignTable",
    "ForeignTask",
    "Gap",
    "draft_of",
    "read_mappings",
]
