"""A real browser for the tests of our pages: headless Chromium, which reaches nothing.

One is started for a whole file of tests. Where there is none, the tests that need it say so and
are skipped: `.ci/run` installs it.
"""

import base64
import json
import shutil
import tempfile
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = """
--headless=new --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run
--disable-background-networking --disable-component-update --disable-sync --hide-scrollbars
--disable-extensions --disable-default-apps --no-default-browser-check
"""
PAPER = 688  # CSS pixels between the margins of A4: 210 mm less twice 14
IN_A_PAGE = "window.alert = window.confirm = window.prompt = () => { window.wasAlerted = true; };"


@contextmanager
def chromium() -> Iterator["Browser"]:
    """Start Chromium with an empty profile; skip the test, with the reason, where there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        lacking = "Chromium" if program is None else "chromedriver"
        raise unittest.SkipTest(f"no {lacking} here: the pages were not opened in a browser")
    with tempfile.TemporaryDirectory(prefix="woo2po-browser-", ignore_cleanup_errors=True) as own:
        options = Options()
        options.binary_location = program
        for flag in (*FLAGS.split(), f"--user-data-dir={own}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        # With its path given, selenium looks for no driver, and not on the network either.
        started = webdriver.Chrome(options=options, service=Service(driver))
        try:
            yield Browser(started)
        finally:
            started.quit()


class Browser:
    """A browser that shows one page of ours at a time, and what that page did."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self._driver = driver
        self._do("Page.addScriptToEvaluateOnNewDocument", source=IN_A_PAGE)

    def _do(self, command: str, **parameters: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._driver.execute_cdp_cmd(command, parameters)
        return found

    def open(self, page, *, width=1280, scheme="light", media="", scripts=True):
        """Show a page as on a screen so many pixels wide; `media` "print": as on paper."""
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self._do("Emulation.setDeviceMetricsOverride", **screen)
        wish = [{"name": "prefers-color-scheme", "value": scheme}]
        self._do("Emulation.setEmulatedMedia", media=media, features=wish)
        self._do("Emulation.setScriptExecutionDisabled", value=not scripts)
        for log in ("browser", "performance"):
            self._driver.get_log(log)  # what an earlier page did
        self._driver.get(page.as_uri())

    def run(self, script: str, *values: Any) -> Any:
        """Run a script in the page and return what it returns."""
        return self._driver.execute_script(script, *values)

    def click(self, selector: str) -> None:
        """Click on the first of what is selected, as a hand would."""
        self._driver.find_element("css selector", selector).click()

    def said(self) -> list[str]:
        """Return what stands in the console: errors, and what the page's policy refused."""
        return [entry["message"] for entry in self._driver.get_log("browser")]

    def asked(self) -> list[str]:
        """Return every address that the page asked for since it was opened, its own included."""
        log = self._driver.get_log("performance")
        events = (json.loads(one["message"])["message"] for one in log)
        asked = (one["params"] for one in events if one["method"] == "Network.requestWillBeSent")
        return [one["request"]["url"] for one in asked]

    def printed(self) -> bytes:
        """Return the page as a PDF on the paper that it asks for."""
        answer = self._do("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(answer["data"])

    def image_of(self, width: int, height: int) -> bytes:
        """Return the page's upper part of so many pixels, as a PNG."""
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        answer = self._do("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(answer["data"])
