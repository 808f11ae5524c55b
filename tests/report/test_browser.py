"""The page in a real browser: nothing on the console, nothing asked of anybody."""

import json
import shutil
import subprocess

import pytest

from coordination.report import render
from tests.verification import town

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)

# No name is looked up, so that not even the browser's own requests leave the machine.
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


def opened(text, folder):
    """Open a page; give its document, its console, and the addresses that it (not the browser) asks for."""
    (folder / "page.html").write_text(text, encoding="utf-8")
    places = [f"--user-data-dir={folder / 'profile'}", f"--log-net-log={folder / 'net.json'}"]
    command = [CHROMIUM, *QUIET, *places, "--enable-logging=stderr", "--dump-dom", (folder / "page.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    events = json.loads((folder / "net.json").read_text())["events"]
    parameters = [event["params"] for event in events if isinstance(event.get("params"), dict)]
    asked = {p["url"] for p in parameters if "url" in p and p.get("initiator", "not an origin") != "not an origin"}
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return done.stdout, console, {url for url in asked if url.startswith(("http", "ws", "ftp"))}


def test_a_browser_opens_it_without_a_word_and_without_a_request(tmp_path):
    """Chromium draws the whole page, logs nothing about it, and the page asks for no address."""
    document, console, asked = opened(render(town.plan()), tmp_path)
    assert "</footer>" in document
    assert console == [] and asked == set()


def test_a_page_that_errs_and_asks_would_be_noticed(tmp_path):
    """The same look finds a script error and a picture from elsewhere, so that finding none means something."""
    bad = '<!DOCTYPE html><title>x</title><img src="http://example.invalid/x.png"><script>missing()</script>'
    _, console, asked = opened(bad, tmp_path)
    assert any("missing is not defined" in line for line in console)
    assert asked == {"http://example.invalid/x.png"}
