"""How much lies in a folder of the lake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class FolderSize:
    """Objects and bytes under a prefix; ``cut``: there are more than were counted."""

    objects: int
    size: int
    cut: bool = False


class FolderReader(Protocol):
    """Raises what ``AwsReader`` raises."""

    def folder_size(self, bucket: str, prefix: str, *, most_objects: int) -> FolderSize:
        """What lies under ``prefix`` (which ends in a slash). ListObjectsV2, a call for each thousand objects."""
