"""What one is told of by e-mail, ending it by a link, and what could not be delivered."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.notices.messages import UNSUBSCRIBE_SALT
from portal.presenters.pages import links_of
from portal.shell.crumbs import crumbs
from portal.shell.requests import SignedInRequest
from replication.choices import NoticeTopic
from replication.configuration import sends_email, webhooks
from replication.errors import NotFound
from replication.models import Delivery, NoticePreferences
from replication.policies import can_manage_platform, require
from replication.services.deliveries import delivery_retry
from replication.services.notices import notice_preferences_save, notice_unsubscribe

PAGE_SIZE = 50


class PreferencesForm(forms.Form):
    """E-mail at all, and of what."""

    email = forms.BooleanField(label="Send me e-mail", required=False)
    topics = forms.MultipleChoiceField(
        label="Tell me when",
        required=False,
        choices=NoticeTopic.choices,
        widget=forms.CheckboxSelectMultiple,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: SignedInRequest) -> HttpResponse:
    """What the reader is told of."""
    form = PreferencesForm(request.POST or None, initial=_chosen(request.user))
    if request.method == "POST" and form.is_valid():
        topics = [NoticeTopic(value) for value in form.cleaned_data["topics"]]
        notice_preferences_save(user=request.user, email=form.cleaned_data["email"], topics=topics)
        messages.success(request, "Kept.")
        return HttpResponseRedirect(reverse("notices:preferences"))
    context = {
        "crumbs": crumbs(("Settings", reverse("settings:all")), ("What I am told of", "")),
        "form": form,
        "sends_email": sends_email(),
        "may_manage": can_manage_platform(request.user),
    }
    return render(request, "notices/preferences.html", context, status=422 if form.errors else 200)


@csrf_exempt  # mail programs post to it by themselves (RFC 8058); the signed token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End somebody's e-mails; a look alone changes nothing."""
    try:
        person = User.objects.filter(pk=signing.loads(token, salt=UNSUBSCRIBE_SALT)).first()
    except signing.BadSignature:
        person = None
    if person is None:
        raise NotFound("This link is not one of ours, or was cut short. Sign in and choose under “What I am told of”.")
    if request.method == "POST":
        notice_unsubscribe(user=person)
    return render(request, "notices/unsubscribe.html", {"person": person, "done": request.method == "POST"})


@require_safe
def deliveries(request: SignedInRequest) -> HttpResponse:
    """Messages to the outside, newest first: what waits, what failed and why."""
    require(can_manage_platform(request.user))
    rows = Delivery.objects.select_related("user")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "crumbs": crumbs(("Settings", reverse("settings:all")), ("Messages", "")),
        "deliveries": page.object_list,
        "page": links_of(page, request.GET, noun="message"),
        "sends_email": sends_email(),
        "webhooks": sorted(webhooks()),
    }
    return render(request, "notices/deliveries.html", context)


@require_POST
def retry(request: SignedInRequest, key: int) -> HttpResponse:
    """Try one again now."""
    delivery_retry(actor=request.user, delivery=get_object_or_404(Delivery, pk=key))
    messages.success(request, "It is tried again within half a minute.")
    return HttpResponseRedirect(reverse("notices:deliveries"))


def _chosen(person: User) -> dict[str, object]:
    found = NoticePreferences.objects.filter(user=person).first()
    muted = found.muted if found is not None else []
    return {
        "email": found.email if found is not None else True,
        "topics": [topic.value for topic in NoticeTopic if topic not in muted],
    }
