"""Every address × everybody × every method, held to the table in `portal/addresses.py`."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver, reverse

from portal.addresses import ADDRESSES, Access, check_addresses, patterns_by_name
from replication.choices import AuditKind
from replication.models import AuditEvent
from replication.roles import Right, Role
from tests.portal.roles.conftest import Company
from tests.portal.roles.examples import EXAMPLES, address_of
from tests.portal.roles.people import PEOPLE, Somebody
from tests.portal.roles.written import AUDIT, tables_written

NOT_SERVED = ("PUT", "PATCH", "DELETE")
NOT_NOW = {
    "changes:table-act": "the person has to agree to what the page listed",
    "changes:vouch": "no commit of these tests waits for anybody to vouch for it",
    "deployments:cancel": "the deployment of these tests has ended",
    "deployments:continue-rollback": "it has no rollback to go on with",
    "deployments:new-version": "it left no half reload",
}
"""Acts that whoever may do them cannot do now: their role is asked first, as for every act."""


def test_addresses__every_pattern_of_the_resolver__has_its_line_and_its_example() -> None:
    there = [name for name, _ in patterns_by_name(get_resolver("portal.urls").url_patterns)]

    assert [error.msg for error in check_addresses()] == []
    assert len(there) == len(set(there)), "two addresses share a name, so that the table could not tell them apart"
    missing = set(ADDRESSES) - set(EXAMPLES)
    assert not missing, f"tests/portal/roles/examples.py needs an example of where these lead: {sorted(missing)}"


@pytest.mark.parametrize("name", ADDRESSES)
def test_addresses__everybody_with_every_method__get_what_the_table_says(name: str, company: Company) -> None:
    access = ADDRESSES[name]
    wrong = _methods_that_are_not_there(company, name)
    for somebody in PEOPLE:
        for method, right in (("GET", access.look), ("POST", access.act)):
            found = _answer(company, somebody, method, name)
            wanted = _wanted(somebody, access, right)
            if found != wanted:
                wrong.append(f"{method} {name} by {somebody.words}: {found}, where the table says {wanted}")
    assert wrong == [], "\n".join(wrong)


def _methods_that_are_not_there(company: Company, name: str) -> list[str]:
    """HEAD goes where GET goes; the others are served nowhere, and nothing is written for them."""
    address, _ = address_of(name, company)
    browser = company.browsers["a platform engineer"]
    with tables_written() as written:
        statuses = {method: browser.generic(method, address).status_code for method in NOT_SERVED}
        if ADDRESSES[name].look is None:
            statuses["HEAD"] = browser.head(address).status_code
        else:
            assert browser.head(address).status_code != HTTPStatus.METHOD_NOT_ALLOWED
    wrong = [
        f"{method} {name}: {status}" for method, status in statuses.items() if status != HTTPStatus.METHOD_NOT_ALLOWED
    ]
    return [*wrong, *(f"{name} wrote {table}" for table in written)]


def _wanted(somebody: Somebody, access: Access, right: Right | None) -> str:
    """In words, as `_answer` gives them."""
    if somebody.role is Role.STRANGER and Right.ENTER not in access:
        return "led to sign-in, nothing written"
    if right is None:
        return "405, nothing written"
    return "allowed" if somebody.may(right) else "403, the attempt in the audit, nothing else written"


def _answer(company: Company, somebody: Somebody, method: str, name: str) -> str:
    address, sent = address_of(name, company)
    browser: Client = company.browsers[somebody.words]
    with tables_written() as written:
        response = browser.generic(method, address) if method == "GET" else browser.post(address, sent)
        attempts = AuditEvent.objects.filter(kind=AuditKind.REFUSED_ATTEMPT).count()
    return _in_words(response, method, name, written, attempts)


def _in_words(response: HttpResponseBase, method: str, view_name: str, written: set[str], attempts: int) -> str:
    status = response.status_code
    if status == HTTPStatus.FORBIDDEN and attempts == 1 and written <= AUDIT:
        return "403, the attempt in the audit, nothing else written"
    if status == HTTPStatus.FOUND and response.headers["Location"].startswith(f"{reverse('accounts:sign-in')}?"):
        return "led to sign-in, nothing written" if not written else f"led to sign-in, and {sorted(written)} written"
    if status == HTTPStatus.METHOD_NOT_ALLOWED and not written:
        return "405, nothing written"
    if status < HTTPStatus.BAD_REQUEST and (method == "POST" or not written):
        return "allowed"
    if status == HTTPStatus.CONFLICT and view_name in NOT_NOW:
        return "allowed"
    return f"{status}, {attempts} attempts in the audit, {sorted(written)} written"
