"""`demo`: what a newcomer sees first. Run as they run it, and read as they read it.

`python tests/screens.py --write` writes it anew, beside the screens of `status`: that a person
reads the difference is the test of its figures.
"""

import pytest
import screens
from served import started
from test_cli import CONTROL


@pytest.mark.parametrize("language", screens.LANGUAGES)
def test_the_demo_is_the_one_that_was_looked_over(language):
    """No account, no file, no network; in English as a newcomer runs it, in a process of its own.
    It fits a terminal and a file: 80 characters a line, no control codes.
    """
    text = screens.demo(language)
    assert text == (screens.EXPECTED / f"demo.{language}.txt").read_text("utf-8")
    assert max(map(len, text.splitlines())) <= 80
    assert not CONTROL.search(text.replace("\n", "").replace("\xa0", ""))
    if language == "en":
        process = started("demo", "--language", "en", COLUMNS="80")
        assert (process.returncode, process.stderr) == (0, "")
        # There a draft may overtake another, and have its number.
        assert process.stdout.splitlines()[-9:] == text.splitlines()[-9:]
