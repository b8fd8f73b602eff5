"""Who is signed in: Django's own accounts, each read with its roles, which every page asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import ModelBackend

from replication.policies import actor_by_key

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class AccountsWithRoles(ModelBackend):
    """Names and passwords as Django keeps them; account and roles cost one query a request, not three."""

    def get_user(self, user_id: Any) -> User | None:
        """The account of a session; None where it is closed or gone."""
        found = actor_by_key(user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
