"""A real Chromium without a window, for what is served to a browser."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ALONE = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # it does not start as root with one, as in a container
]
MISSING = "no Chromium here: apt install chromium"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Fresh, with nothing of the user's in it; skipped where there is none, but never in CI."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=_ALONE)
        try:
            yield browser
        finally:
            browser.close()
