"""Which transactions a snapshot of PostgreSQL sees, from the text of `pg_current_snapshot()`."""

from dataclasses import dataclass

WRAP = 2**32
"""Transaction ids in the log are the lower 32 bits of those in a snapshot."""


@dataclass(frozen=True)
class Visibility:
    """Of transactions that committed, those are seen that began before ``following`` and were not ``running`` then."""

    following: int
    running: frozenset[int]

    @classmethod
    def parse(cls, text: str) -> "Visibility":
        """Read ``oldest:following:running,running…``."""
        _, following, running = text.split(":")
        return cls(int(following), frozenset(int(number) for number in running.split(",") if number))

    def sees(self, transaction: int) -> bool:
        """Tell whether the snapshot sees a committed transaction, given by the lower 32 bits of its id."""
        distance = (transaction - self.following + WRAP // 2) % WRAP - WRAP // 2
        return distance < 0 and self.following + distance not in self.running
