"""A real browser, cut off from the network, that writes down all it complains of and asks for."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)

Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class View:
    """How the page is looked at."""

    width: int
    height: int
    scheme: Scheme

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


_SCHEMES: tuple[Scheme, ...] = ("light", "dark")
VIEWS = [
    View(width, height, scheme)
    for width, height in ((360, 740), (1280, 900))
    for scheme in _SCHEMES
]
PHONE, DESKTOP = VIEWS[0], VIEWS[2]


@dataclass
class Sight:
    """The page as the browser shows it, and what the browser said and asked for meanwhile."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words that can be seen."""
        return self.page.inner_text("body")

    def open_all(self) -> None:
        """Open everything that can be opened."""
        for summary in self.page.locator("summary").all():
            summary.click()


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start the system's Chromium; without one nothing is looked at, which CI does not accept."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.skip(
            f"the reports are looked at in a real browser, and none of {', '.join(_NAMES)} is "
            "here: install Chromium, for instance with `apt-get install chromium`"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        yield browser
        browser.close()


@contextmanager
def looked_at(browser: Browser, html: str, folder: Path, view: View) -> Iterator[Sight]:
    """Show a page from a file."""
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8")
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height},
        color_scheme=view.scheme,
        offline=True,
    )
    sight = Sight(context.new_page())
    context.on("request", lambda request: sight.requests.append(request.url))
    sight.page.on("console", lambda message: sight.complaints.append(message.text))
    sight.page.on("pageerror", lambda error: sight.complaints.append(str(error)))
    sight.page.on("dialog", lambda dialog: sight.complaints.append(f"dialog: {dialog.message}"))
    sight.page.goto(path.as_uri())
    yield sight
    context.close()
