"""What the config language cannot say of something that runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Gap:
    """One difference between what runs and the draft.

    ``task`` is the DMS task's name and ``rule`` the id of its rule, "" where it is about no single one; ``found`` says
    what is there, ``instead`` what the draft does about it.
    """

    task: str
    rule: str
    found: str
    instead: str

    def __str__(self) -> str:
        place = f"{self.task}, rule {self.rule}" if self.rule else self.task
        return f"{place}: {self.found}. {self.instead}."

    def as_json(self) -> dict[str, str]:
        return asdict(self)
