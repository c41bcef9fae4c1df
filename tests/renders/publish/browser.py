"""A real browser, and servers of both kinds: those that send a part of a file, and those that cannot."""

from __future__ import annotations

import functools
import http.server
import io
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Error, Locator, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)


def shot(seen: Page | Locator) -> Image.Image:
    """What is seen. On a busy machine Chromium's first try may come before there is a picture."""
    for _ in range(2):
        with suppress(Error):
            return Image.open(io.BytesIO(seen.screenshot()))
    return Image.open(io.BytesIO(seen.screenshot()))


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium: Playwright's has no H.264. Skips where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium on this machine; bin/setup --dev installs Debian's")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def without_ranges(folder: Path) -> Iterator[str]:
    """A server that sends files from their start alone, as `python -m http.server` does."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def with_ranges(folder: Path) -> Iterator[str]:
    """A server that sends any part of a file, as web servers do."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    app = Starlette(routes=[Mount("/", StaticFiles(directory=folder, html=True))])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()


class Visit:
    """A page that is open; notes what it asks for and what it complains of."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.asked, self.complaints = page, list[str](), list[str]()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: line.type == "error" and self.complaints.append(line.text))
        page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        page.goto(url)

    def ready(self) -> None:
        """Waits until the video can be played."""
        self.until("video.readyState >= 2 && !video.seeking")

    def until(self, condition: str) -> None:
        """Waits until something is so of `video`; asked from outside, as the page's policy forbids `eval`."""
        for _ in range(500):
            if self.page.evaluate(
                f"() => {{ const video = document.querySelector('video'); return {condition} }}"
            ):
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"never so: {condition}")

    def seek(self, seconds: float) -> None:
        self.page.evaluate(
            "(t) => { const v = document.querySelector('video'); v.currentTime = t;"
            " return new Promise((r) => v.addEventListener('seeked', r, { once: true })) }",
            seconds,
        )

    @property
    def now(self) -> float:
        return float(self.page.evaluate("document.querySelector('video').currentTime"))

    def frame(self, fields: int) -> int:
        """The number that the frame on show has in its fields."""
        picture = shot(self.page.locator("video")).convert("L")
        line = np.asarray(picture)[picture.height // 4]  # above captions and controls
        places = (np.arange(fields) + 0.5) * (len(line) // fields)
        return sum(int(line[int(place)] > 127) << digit for digit, place in enumerate(places))
