"""The link by which somebody chooses their password: made by the platform team, good once and for three days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.views.decorators.http import require_http_methods

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), "dispatch")
class ChoosePasswordView(PasswordResetConfirmView):
    """Choose a password. Django keeps the token out of the address of the form itself."""

    template_name = "people/choose_password.html"
    success_url = reverse_lazy("accounts:sign-in")


def choose_password_path(person: User) -> str:
    """The path of the page on which `person` chooses a password; it stops working once one was chosen."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("people:choose-password", args=[uid, default_token_generator.make_token(person)])
