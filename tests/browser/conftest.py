"""A real Chromium against the running Sluice, and the accessibility rules of WCAG AA on whatever it shows."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from portal.demo.people import PASSWORD
from portal.demo.running import RunningSluice

# Playwright's synchronous interface keeps an event loop running in this thread, which Django takes for a reason to
# refuse the ORM. The tests themselves are not asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# With `preload`, axe copies the style sheets into the page, which the content security policy rightly refuses.
WCAG_AA = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
    "preload": False,
}
SLOWEST_ANSWER_MILLISECONDS = 15_000

CheckAccessibility = Callable[[Page], None]
SignIn = Callable[[str], Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium."""
    executable = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if executable is None:
        pytest.fail("no Chromium on the PATH: `make test` installs one or says how")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_context(browser: Browser, sluice: RunningSluice) -> Iterator[Callable[[], BrowserContext]]:
    """Give a function that opens a browser profile of its own: one per person in a story."""
    contexts: list[BrowserContext] = []

    def open_one() -> BrowserContext:
        context = browser.new_context(base_url=sluice.place.url, viewport={"width": 1280, "height": 900})
        context.set_default_timeout(SLOWEST_ANSWER_MILLISECONDS)
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def console_errors() -> Iterator[list[str]]:
    """Collect what the browser complains about (scripts, the content security policy); any complaint fails the test."""
    complaints: list[str] = []
    yield complaints
    assert complaints == []


@pytest.fixture
def new_page(open_context: Callable[[], BrowserContext], console_errors: list[str]) -> Callable[[], Page]:
    """Give a function that opens a page in a profile of its own, whose complaints fail the test."""

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            console_errors.append(f"{message.text} ({message.location.get('url', '')})")

    def open_page() -> Page:
        page = open_context().new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: console_errors.append(str(error)))
        return page

    return open_page


@pytest.fixture
def sign_in(new_page: Callable[[], Page]) -> SignIn:
    """Give a function that signs a demo user in, in a browser profile of its own, and gives their page."""

    def sign_in_as(username: str) -> Page:
        page = new_page()
        page.goto("/account/sign-in/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    return sign_in_as


@pytest.fixture
def page(new_page: Callable[[], Page]) -> Page:
    """Give one page, not signed in."""
    return new_page()


@pytest.fixture
def check_accessibility() -> CheckAccessibility:
    """Give a function that fails with every violation of WCAG AA on the page as it stands."""

    def check(page: Page) -> None:
        results = Axe().run(page, options=WCAG_AA)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check
