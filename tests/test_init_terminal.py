"""`init` at a real terminal, as people have it."""

import re
import time

import pytest
from dialogues import KEYS
from served import GOES, served
from terminals import AtTerminal

from woo2po.config import load

CONFIG = """\
[poweroffice]
base_url = "{go}/Demo/v2"
token_url = "{go}/Demo/OAuth/Token"
requests_per_second = 100
"""


@pytest.fixture
def both(tmp_path):
    """A shop with three orders, and a file that says where PowerOffice is."""
    with served(tmp_path, [GOES, "b2c-two-vat-rates", "coupon-percent"]) as one:
        one.listen()
        one.config.write_text(CONFIG.format(go=one.go_url), "utf-8")
        yield one


def asks(both, *words, **environment):
    """Begin `init` at a terminal of 60 columns."""
    config = ("--config", str(both.config), "--language", "nb")
    return AtTerminal("init", *config, *words, **environment)


def test_ctrl_c_and_on_to_the_first_orders(both):
    """60 columns: a key is covered, Ctrl-C keeps the answers, the rest is a row and Enter."""
    with asks(both) as first:
        first.waits_for("adresse > ")
        first.types(both.shop.url, "(ck_...) > ")
        new = first.types("ck_sandbox", "(cs_...) > ")
        assert "\x1b[1A\r\x1b[JKundenøkkel (ck_...) > ck_..." in new
        first.types("cs_sandbox", "nøkkel > ")
        time.sleep(0.2)  # between a prompt and the waiting nobody is quick enough
        first.types("\x03", "derfra")
        assert first.ends() == 3
    assert "Traceback" not in first.screen
    shown = re.sub(r"\x1b\[[\d;]*[A-Za-z]", "", first.screen)
    wide = [line for line in shown.splitlines() if len(line) >= 60]
    assert all(line.startswith((" ", "/")) or "> " in line for line in wide), wide

    with asks(both, TERM="dumb") as second:
        second.waits_for("[ja] > ")
        second.types("", "Applikasjonsnøkkel > ")
        for key, then in zip(
            KEYS, ("Klientnøkkel > ", "Abonnementsnøkkel > ", "]\n> "), strict=True
        ):
            second.types(key, then)
        second.types("1.9.2026", "avslutter\n> ")
        second.types("3 ja", "avslutter\n> ")
        second.types("", "Dette skriver du nå")
        assert second.ends() == 0
    assert "\x1b" not in second.screen
    assert load(both.config).invoices.create
    assert both.woo2po("run", "--limit", "1").exit_code == 0

    with asks(both, "3") as third:
        assert "\n\x1b[1mSkal fakturaen" in third.waits_for("woo2po fakturerer] > ")
        third.types("q", "Stoppet")


def test_letters_that_the_terminal_lacks(both):
    """ASCII alone is written; what is typed in UTF-8 is understood all the same."""
    with asks(both, PYTHONIOENCODING="ascii") as terminal:
        assert terminal.waits_for("adresse > ").isascii()
        assert "'blaabaer' er ikke adressen til en butikk" in terminal.types("blåbær", "adresse > ")
        terminal.types("q", "Stoppet. Ingenting ble skrevet.")
        assert terminal.ends() == 3
