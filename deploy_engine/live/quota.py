"""How much of what AWS lets an account have in DMS is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Quota:
    """One quota by DMS's own name, such as ``ReplicationTasks``; storage is in GB (dms-facts.md section 9)."""

    name: str
    used: int
    most: int


class QuotaReader(Protocol):
    """Raises what ``AwsReader`` raises."""

    def account_quotas(self) -> tuple[Quota, ...]:
        """Every quota of DMS in the account and region. DescribeAccountAttributes."""
