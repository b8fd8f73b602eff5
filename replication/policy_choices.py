"""When a review policy demands something: part of `replication/choices.py`, which gives it on."""

from django.db import models


class Demanded(models.TextChoices):
    """For which plans a rehearsal, or a trial elsewhere, has to be there before they are merged."""

    NEVER = "never", "never"
    RISKY = "risky", "for risky plans"
    ALWAYS = "always", "for every plan"

    def holds_for(self, *, risky: bool) -> bool:
        """Whether it is demanded for a plan that is, or is not, risky."""
        return self == Demanded.ALWAYS or (self == Demanded.RISKY and risky)
