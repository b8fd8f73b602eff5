"""The record in a browser: the auditor's question in at most five clicks, and what the last shift left, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.demo.running import RunningSluice
from replication.choices import DeploymentState
from replication.models import Deployment
from tests.browser.conftest import CheckAccessibility, SignIn
from tests.journeys.acts import act_on_table, approve, merge, next_update_fails, propose, submit
from tests.journeys.visitor import Visitor
from tests.running_sluice import WaitFor

MOST_CLICKS = 5
WHY = "The scanners wrote codes without their check digit since Monday."
APPROVED = "Search can live with the old ones until it is loaded."
DEPLOYED_SECONDS = 120


@dataclass
class Clicks:
    """Whatever is clicked, counted."""

    page: Page
    made: list[str] = field(default_factory=list)

    def on(self, what: Locator) -> None:
        self.made.append(what.inner_text() or "?")
        what.click()


def _ended(key: int, state: DeploymentState, wait_for: WaitFor) -> Deployment:
    def over() -> bool:
        return Deployment.objects.get(pk=key).is_finished

    wait_for(f"deployment {key} has ended", over, seconds=DEPLOYED_SECONDS)
    deployment = Deployment.objects.get(pk=key)
    assert deployment.state == state, deployment.sentence
    return deployment


@pytest.mark.usefixtures("domain")
def test_record__who_reloaded_a_table_why_who_approved_and_how_long_was_the_pause__in_five_clicks(
    sluice: RunningSluice, sign_in: SignIn, wait_for: WaitFor, check_accessibility: CheckAccessibility
) -> None:
    mia, petra = Visitor(sluice.place.url, "mia"), Visitor(sluice.place.url, "petra")
    number = act_on_table(mia, "reload", "barcodes", target="", title="Barcodes anew", description=WHY)
    submit(mia, number, wait_for)
    approve(petra, number, APPROVED)
    _ended(merge(petra, number), DeploymentState.DONE, wait_for)

    page = sign_in("ada")
    expect(page).to_have_title(re.compile("Home"))
    clicks = Clicks(page)
    clicks.on(page.get_by_role("navigation", name="Main").get_by_role("link", name="Tables"))
    page.get_by_label("Name").fill("barcodes")
    clicks.on(page.get_by_role("button", name="Filter"))
    clicks.on(page.get_by_role("link", name="barcodes").first)

    reload = page.get_by_role("region", name="Its story").get_by_role("listitem").filter(has_text="Reloaded").first
    for answer in ("Mia Okafor asked for it", WHY, f"Petra Novak approved it: {APPROVED}"):
        expect(reload).to_contain_text(answer)
    expect(reload).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC"))
    expect(reload).to_contain_text(re.compile(r"Deployment \d+: done\. Tasks were paused for [\d.]+ (s|min)"))
    assert len(clicks.made) <= MOST_CLICKS, clicks.made
    check_accessibility(page)


@pytest.mark.usefixtures("domain")
def test_shift__after_a_failed_deployment__tells_what_changed_ran_broke_and_is_still_odd(
    sluice: RunningSluice, sign_in: SignIn, wait_for: WaitFor, check_accessibility: CheckAccessibility
) -> None:
    lena, tomas = Visitor(sluice.place.url, "lena"), Visitor(sluice.place.url, "tomas")
    number = propose(lena, "orders", "checkout", "public/gift_cards")
    submit(lena, number, wait_for)
    approve(tomas, number)
    next_update_fails(sluice, "sluice-local-orders/TaskCheckout")
    failed = _ended(merge(tomas, number), DeploymentState.FAILED_SAFE, wait_for)

    page = sign_in("tomas")
    page.get_by_role("link", name="Since my last shift").click()
    page.get_by_role("link", name="8 hours").click()

    sections = page.locator("main section[aria-labelledby]")
    headings = [sections.nth(place).get_by_role("heading").first.inner_text() for place in range(sections.count())]
    assert headings == ["What changed", "What ran", "What broke", "Still odd"]
    changed, ran, broke, odd = (page.get_by_role("region", name=name, exact=True) for name in headings)
    expect(changed).to_contain_text(f"#{number}")
    expect(ran).to_contain_text("sluice-local-orders")
    expect(broke).to_contain_text(f"Deployment {failed.pk} of local/orders")
    expect(odd).to_contain_text(f"#{number}")
    expect(page.get_by_role("navigation", name="In short")).to_contain_text("still odd")
    check_accessibility(page)
