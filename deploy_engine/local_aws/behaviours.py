"""Where AWS's documents leave open what it does, both ways can be had: which one is a switch of the local AWS."""

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass
class Behaviours:
    """The switches in force."""

    stack_updates_wipe_tags: bool = False
    """Whether the update of a resource by its stack takes away the tags that were set on it from outside."""

    def change(self, members: dict[str, Any]) -> None:
        """Set switches by their names; raises ValueError in words for an unknown one or a value that is no boolean."""
        known = {item.name for item in fields(self)}
        for name, value in members.items():
            if name not in known or not isinstance(value, bool):
                raise ValueError(f"{name} = {value!r}: known switches, each true or false, are {', '.join(known)}")
        for name, value in members.items():
            setattr(self, name, value)

    def listed(self) -> dict[str, bool]:
        """Return the switches, as the control endpoint shows them."""
        return asdict(self)
