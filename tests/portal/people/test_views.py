"""The pages by which the platform team gives and takes roles."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from replication.choices import GlobalRoleName, TeamRole
from replication.models import GlobalRole, Membership
from tests.replication.conftest import Stage

BrowserOf = Callable[[User], Client]
LINK = re.compile(r'data-copy="(http://[^"]+/people/password/[^"]+)"')


def test_people_list__anybody__sees_who_may_do_what(stage: Stage, browser_of: BrowserOf) -> None:
    page = browser_of(stage.people.viewer).get(reverse("people:list")).content.decode()

    assert "Rita Example" in page
    assert "platform engineer" in page
    assert "Open an account" not in page


def test_people_list__filtered_by_team_and_role__lists_only_those(stage: Stage, browser_of: BrowserOf) -> None:
    query = {"team": "food", "role": TeamRole.REVIEWER.value}
    page = browser_of(stage.people.viewer).get(reverse("people:list"), query).content.decode()

    assert "Rita Example" in page
    assert "Mia Example" not in page
    assert "Otto Example" not in page


def test_team_role__by_the_platform__is_given_and_taken(stage: Stage, browser_of: BrowserOf) -> None:
    browser, person = browser_of(stage.people.platform), stage.people.viewer
    address = reverse("people:team-role", args=[person.pk])

    browser.post(address, {"team": "food", "role": "reviewer"})
    assert Membership.objects.get(user=person).role == TeamRole.REVIEWER
    page = browser.get(reverse("people:detail", args=[person.pk])).content.decode()
    assert "Petra Example made Vera Example a reviewer of food." in page

    browser.post(address, {"team": "food", "role": "none"})
    assert not Membership.objects.filter(user=person).exists()


def test_company_role__last_platform_engineer__is_refused_in_words(stage: Stage, browser_of: BrowserOf) -> None:
    platform = stage.people.platform
    address = reverse("people:company-role", args=[platform.pk])

    response = browser_of(platform).post(address, {"role": GlobalRoleName.PLATFORM.value, "granted": "no"})

    assert response.status_code == HTTPStatus.CONFLICT
    assert "last platform engineer" in response.content.decode()
    assert GlobalRole.objects.filter(user=platform).exists()


def test_person_new__name_taken__keeps_what_was_typed(stage: Stage, browser_of: BrowserOf) -> None:
    typed = {"first_name": "Nora", "last_name": "Berg", "username": stage.people.viewer.username}

    response = browser_of(stage.people.platform).post(reverse("people:new"), typed)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="Nora"' in response.content.decode()


def test_password_link__followed_by_its_owner__works_once(stage: Stage, browser_of: BrowserOf) -> None:
    person = stage.people.viewer
    shown = browser_of(stage.people.platform).post(reverse("people:password-link", args=[person.pk])).content.decode()
    found = LINK.search(shown)
    assert found is not None
    owner = Client()
    form = owner.get(found[1], follow=True)
    chosen = {"new_password1": "a river of tables", "new_password2": "a river of tables"}
    owner.post(form.request["PATH_INFO"], chosen)

    signed = owner.post(reverse("accounts:sign-in"), {"username": person.username, "password": "a river of tables"})
    assert signed.status_code == HTTPStatus.FOUND
    assert "was used already" in Client().get(found[1], follow=True).content.decode()


def test_account__closed_by_the_platform__is_signed_out_at_once(stage: Stage, browser_of: BrowserOf) -> None:
    person = stage.people.viewer
    browser = browser_of(person)
    address = reverse("people:account", args=[person.pk])
    browser_of(stage.people.platform).post(address, {"active": "no", "reason": "left"})

    assert browser.get(reverse("home")).status_code == HTTPStatus.FOUND
