"""`demo`: what a newcomer sees first, run as they run it; its text is one of tests/screens.py."""

import screens
from served import started


def test_the_demo_needs_no_account_no_file_and_no_network():
    """In a process of its own a draft may overtake another, and have its number."""
    process = started("demo", "--language", "en", COLUMNS="80")
    assert (process.returncode, process.stderr) == (0, "")
    text = (screens.EXPECTED / "demo.en.txt").read_text("utf-8")
    assert process.stdout.splitlines()[-9:] == text.splitlines()[-9:]
