"""Sign in, sign out, and the two choices that a browser remembers: theme and environment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from portal.shell.chrome import THEMES
from portal.shell.environments import environments_all
from portal.web.accounts.forms import SignInForm
from replication.services.sessions import session_closed, session_opened, session_refused

CHOICES_LAST = timedelta(days=365)


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), "dispatch")
class SignInView(LoginView):
    """The sign-in page; whoever is signed in already goes on."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, and write it down."""
        response = super().form_valid(form)
        session_opened(user=form.get_user())
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Say what was wrong, and write the attempt down where one was made."""
        username = form.cleaned_data.get("username", "") if form.non_field_errors() else ""
        if username:
            session_refused(username=username)
        return super().form_invalid(form)


class SignOutView(LogoutView):
    """Sign-out, by POST only."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write it down, and sign out."""
        if isinstance(request.user, User):
            session_closed(user=request.user)
        return super().post(request, *args, **kwargs)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme: `light`, `dark`, or empty for the system's."""
    chosen = request.POST.get("theme", "")
    response = HttpResponseRedirect(_safe_next(request))
    if chosen in THEMES:
        _remember(response, settings.THEME_COOKIE_NAME, chosen)
    return response


@require_POST
def environment(request: HttpRequest) -> HttpResponse:
    """Look at another environment: the same page there, where its address names one."""
    chosen = request.POST.get("environment", "")
    target = _safe_next(request)
    known = chosen in {each.name for each in environments_all(request)}
    response = HttpResponseRedirect(_same_page_in(target, chosen) if known else target)
    if known:
        _remember(response, settings.ENVIRONMENT_COOKIE_NAME, chosen)
    return response


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe and target.startswith("/") else reverse("home")


def _same_page_in(target: str, environment_name: str) -> str:
    """`target` with its environment replaced; filters are dropped, since they may name what is not there."""
    path = urlsplit(target).path
    try:
        match = resolve(path)
    except Resolver404:
        return reverse("home")
    if "environment" not in match.kwargs:
        return path
    return reverse(match.view_name, kwargs={**match.kwargs, "environment": environment_name})


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=CHOICES_LAST, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
