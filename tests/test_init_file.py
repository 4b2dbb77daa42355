"""The file that `init` writes: whole or not at all, over one that is there, keys in it or not."""

import errno
import os
import stat
from pathlib import Path

import pytest
from dialogues import keys_of, typed, unconfigured, written
from served import GOES

from woo2po.config import load


@pytest.fixture
def both(tmp_path):
    """A shop with an order, a company with the sandbox's products, and no configuration."""
    with unconfigured(tmp_path, [GOES]) as one:
        yield one


def mode(path):
    """Return who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


MINE = """\
# My shop. Do not touch!

[orders]   # of numbers
number_prefix = "fjell_"  # since 2024

[woocommerce]
url = "{shop}"
consumer_key = "ck_sandbox"
consumer_secret = 'cs_sandbox'
orders_from = 1.9.2026  # as people write it
timezone = "Europe/Oslo"
#statuses = ["processing"]

[poweroffice]
environment = "demo"
base_url = "{go}/Demo/v2"
token_url = "{go}/Demo/OAuth/Token"
application_key = "app-sandbox"
client_key = "client-sandbox"
subscription_key = "subscription-sandbox"

[payments]
register = true
accounts = {{ vipps = 1903, gone = 1905 }}  # the accountant's

[dimensions]
department = "NETT"  # all of it
"""


@pytest.fixture
def mine(both):
    """A file of somebody's own making."""
    text = MINE.format(shop=both.shop.url, go=both.go_url)
    both.config.write_text(text, "utf-8")
    both.config.chmod(0o644)
    return text


# -- over a file that is there ---------------------------------------------------------------------


def test_all_that_a_file_said_is_said_by_the_new_one(both, mine):
    """Keys that nobody is asked for too; what was written by hand is kept, beside an older copy."""
    both.config.with_name("config.toml.bak").write_text("older", "utf-8")
    said = typed(both, "1 processing, completed", "21 cod=1900", "11 berg_", "", keys=[])
    assert said.code == 0, said.screen
    assert "11 Prefix: fjell_ → berg_" in said.flat
    assert "The file that was there is kept as" in said.flat
    assert both.config.with_name("config.toml.bak").read_text("utf-8") == "older"
    assert both.config.with_name("config.toml.bak.1").read_text("utf-8") == mine
    found = load(both.config)
    assert (found.orders.number_prefix, found.dimensions.department) == ("berg_", "NETT")
    accounts = {"vipps": 1903, "gone": 1905, "cod": 1900, "klarna_payments": 1904}
    assert found.payments.accounts == accounts
    assert found.woocommerce.statuses == ["processing", "completed"]
    assert found.woocommerce.orders_from.isoformat() == "2026-09-01"
    assert mode(both.config) == 0o600
    assert "kept as" not in typed(both, "11 fjell_", "", keys=[]).flat, "it was init's own"


def test_a_file_in_which_nothing_changes_stays_as_it_is(both, mine):
    typed(both, "", keys=[])
    again = f"# Mine\n{both.config.read_text('utf-8')}"
    both.config.write_text(again, "utf-8")
    both.config.chmod(0o644)
    said = typed(both, "", keys=[])
    assert ("kept as" in said.flat, "→" in said.flat) == (False, False)
    assert (both.config.read_text("utf-8"), mode(both.config)) == (again, 0o600)


def test_keys_of_another_environment_take_its_addresses_away(both, mine):
    """They would lead production's keys to this machine: what is found by logging in counts."""
    both.config.write_text(mine.replace("/Demo/", "/Gone/"), "utf-8")
    said = typed(both, *keys_of(both)[3:], "", keys=[])
    assert said.code == 0, said.screen
    assert written(both)["poweroffice"]["base_url"].endswith(f"{both.go_url}/Demo/v2")


def test_what_cannot_be_read_or_written_is_said_before_anything_is_asked(
    both, tmp_path, monkeypatch
):
    """No TOML, with the line; no letters; a folder in its place, or one that is closed; 2."""
    for content, why in ((b'[woocommerce]\nurl = "https://x.no\n', "at line 2, column"),
                         (b"\xff\xfe", "saved as")):  # fmt: skip
        both.config.write_bytes(content)
        said = typed(both)
        assert (said.code, why in said.flat) == (2, True), said.screen
        assert "Nothing was asked, and the file is as it was." in said.flat
        assert both.config.read_bytes() == content
    assert "it is a folder" in typed(both, config=tmp_path).flat

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("woo2po.files.tempfile.mkstemp", refuse)
    assert "this user may not" in typed(both).flat


def test_keys_that_cannot_be_used_are_all_said_and_nothing_is_asked(both, mine):
    """As every other command says them; a person mends the file, or moves it away."""
    broken = mine.replace('timezone = "Europe/Oslo"', 'timezone = "Mars"\ncolour = "red"')
    broken = f"[init]\nsecrets = 1\n{broken}\nclient_key_file = 'gone'\n"
    both.config.write_text(broken, "utf-8")
    for options in ((), ("--yes",)):
        said = typed(both, keys=[], options=options)
        assert said.code == 2
        assert 'woocommerce.timezone = "Mars": a time zone like "Europe/Oslo"' in said.flat
        assert "woocommerce.colour: " in said.flat
        assert "init" not in said.flat
        assert both.config.read_text("utf-8") == broken


# -- where it goes ---------------------------------------------------------------------------------


def test_without_a_path_it_goes_where_a_run_will_look_for_it(both, monkeypatch, tmp_path):
    """Into this folder; but over the user's own configuration where that is the one in use."""
    users, here = tmp_path / "users", tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr("click.get_app_dir", lambda _: str(users))
    said = typed(both, "", "", config="")
    assert load(here / "config.toml")
    assert "woo2po run --limit 3" in said.flat
    assert "--config" not in said.screen.split("What to type next:")[1]
    users.mkdir()
    (here / "config.toml").rename(users / "config.toml")
    said = typed(both, "11 own_", "", keys=[], config="")
    assert load(users / "config.toml").orders.number_prefix == "own_"


def test_folders_are_made_and_links_followed(both, tmp_path):
    path = tmp_path / "new" / "shop" / "config.toml"
    assert typed(both, "", "", config=path).code == 0
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    typed(both, "11 own_", "", keys=[], config=link)
    assert link.is_symlink()
    assert load(path).orders.number_prefix == "own_"


def test_a_full_disk_costs_no_answer(both, mine, monkeypatch, tmp_path):
    real, other = os.fsync, tmp_path / "other.toml"
    full_for = [both.config.name, f"{both.config.name}.unfinished"]

    def full(handle: int) -> None:
        name = Path(f"/proc/self/fd/{handle}").readlink().name
        if any(name.startswith(f".{one}.") for one in full_for):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr("woo2po.files.os.fsync", full)
    said = typed(both, "11 own_", "", "<", "", str(other), keys=[])
    assert said.code == 0, said.screen
    assert "could not be written (the disk is full). Nothing is lost" in said.flat
    assert both.config.read_text("utf-8") == mine
    assert load(other).orders.number_prefix == "own_"
    assert {one.name for one in tmp_path.iterdir()} == {"config.toml", "other.toml"}


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(both, mine, monkeypatch):
    """Two at once: the second to end says so, with 3, and its answers are kept."""
    real = both.shop.before_each

    def other() -> None:
        both.config.write_text(f"{mine}\n# another's\n", "utf-8")

    both.shop.before_each = other
    said = typed(both, "11 own_", "", keys=[])
    both.shop.before_each = real
    assert (said.code, "was changed by somebody else meanwhile" in said.flat) == (3, True)
    assert both.config.read_text("utf-8").endswith("# another's\n")
    assert typed(both, "", "", keys=[]).code == 0
    assert load(both.config).orders.number_prefix == "own_"


# -- the keys --------------------------------------------------------------------------------------


def test_keys_in_files_of_their_own(both):
    typed(both, "", "30 files", "")
    folder = both.config.parent / "secrets"
    names = {"application_key", "client_key", "consumer_key", "consumer_secret", "subscription_key"}
    assert {one.name for one in folder.iterdir()} == names
    assert {mode(one) for one in folder.iterdir()} == {0o600}
    assert mode(folder) == 0o700
    text = both.config.read_text("utf-8")
    assert 'sandbox"' not in "".join(line for line in text.splitlines() if "_key = " in line)
    assert f'client_key_file = "{folder / "client_key"}"' in text
    assert both.woo2po("check").exit_code == 0
    typed(both, "", keys=[])
    assert both.config.read_text("utf-8") == text
    said = typed(both, "29", "", "client-sandbox", "", "30 config", "", keys=[])
    assert said.code == 0, said.screen
    assert "client_key_file" not in written(both)["poweroffice"]


def test_a_new_key_is_tried_and_takes_the_place_of_the_one_in_a_file(both):
    """A key that was made anew: what is typed counts, not what the old file holds."""
    typed(both, "", "30 files", "")
    file = both.config.parent / "secrets" / "client_key"
    file.write_text("client-of-last-year\n", "utf-8")
    said = typed(both, "", "client-sandbox", "", "", keys=[])
    assert said.code == 0, said.screen
    assert file.read_text("utf-8") == "client-sandbox\n"
    assert both.woo2po("check").exit_code == 0


# -- the environment -------------------------------------------------------------------------------


def test_what_the_environment_says_is_not_asked(both, monkeypatch, tmp_path):
    """It outweighs the file, so an answer would have no effect; a wrong one ends it with 3."""
    secret = tmp_path / "secret.txt"
    secret.write_text("cs_sandbox\n", "utf-8")
    names = ("WOOCOMMERCE__URL", "WOOCOMMERCE__CONSUMER_KEY", "", "POWEROFFICE__APPLICATION_KEY",
             "POWEROFFICE__CLIENT_KEY", "POWEROFFICE__SUBSCRIPTION_KEY")  # fmt: skip
    for name, value in zip(names, keys_of(both), strict=True):
        if name:
            monkeypatch.setenv(f"WOO2PO_{name}", value)
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__CONSUMER_SECRET_FILE", str(secret))
    monkeypatch.setenv("WOO2PO_ORDERS__NUMBER_PREFIX", "env_")
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__ORDERS_FROM", "1.9.2026")
    monkeypatch.setenv("WOO2PO_INVOICES__CREATE", "true")
    said = typed(both, "11 x_", "", keys=[])
    assert said.code == 0, said.screen
    assert "WOO2PO_ORDERS__NUMBER_PREFIX" in said.flat
    assert said.line("Invoice") == "yes, woo2po invoices"
    assert said.line("From").startswith("2026-09-01")
    assert "(cron, say) must have these variables too" in said.flat
    assert "sandbox" not in both.config.read_text("utf-8")
    found = load(both.config)
    assert found.orders.number_prefix == "env_"
    assert found.woocommerce.consumer_secret.get_secret_value() == "cs_sandbox"
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__CONSUMER_KEY", "ck_other")
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__CONSUMER_SECRET", "cs_other")
    said = typed(both, keys=[])
    assert (said.code, "does not know the key" in said.flat) == (3, True)


@pytest.mark.parametrize(
    ("name", "value"), [("WOO2PO_COLOUR", "red"), ("WOO2PO_PAYMENTS__ACCOUNTS", "vipps=1903")]
)
def test_a_wrong_environment_ends_it_before_anything_is_asked(both, monkeypatch, name, value):
    """Every other command would refuse it."""
    monkeypatch.setenv(name, value)
    said = typed(both)
    assert (said.code, name in said.flat) == (2, True)
    assert not both.config.exists()


# -- without a terminal ----------------------------------------------------------------------------


def completed(both):
    """Let a file be completed, and nobody be asked."""
    return typed(both, keys=[], options=("--yes",), there=False)


def test_a_file_of_what_cannot_be_guessed_is_completed(both, mine):
    """`--yes`: nobody is asked, products are named and none is made; it loads."""
    both.config.write_text(mine, "utf-8")
    assert completed(both).code == 0
    assert written(both)["payments"]["accounts"] == {"vipps": 1903, "gone": 1905}
    short = mine[: mine.index("[payments]")]
    both.config.write_text(short, "utf-8")
    kept = both.config.with_name("config.toml.unfinished")
    kept.touch()
    said = completed(both)
    assert said.code == 0, said.screen
    assert kept.exists(), "it is a person's"
    assert said.line("Freight") == "FRAKT 25 %"
    assert load(both.config).shipping.product == "FRAKT"
    assert both.woo2po("run", "-v").stdout == "✓ 1 transferred\n"
    both.go.books.products.clear()
    both.config.write_text(short, "utf-8")
    said = completed(both)
    assert "Still to be made in PowerOffice" in said.flat
    assert not both.go.books.products


def test_without_a_person_what_is_wrong_ends_it(both, mine):
    """Keys that are missing: 2; keys that do not work: 3; nothing is written."""
    said = typed(both, there=False)
    assert (said.code, "`woo2po init --config FILE --yes`" in said.flat) == (2, True)
    both.config.write_text("", "utf-8")
    said = completed(both)
    assert (said.code, "woocommerce.url: missing" in said.flat) == (2, True)
    wrong = mine.replace("ck_sandbox", "ck_other")
    both.config.write_text(wrong, "utf-8")
    said = completed(both)
    assert (said.code, "does not know the key" in said.flat) == (3, True)
    assert both.config.read_text("utf-8") == wrong


def test_ctrl_c_before_the_first_question_says_that_nothing_was_written(both, monkeypatch):
    """And nothing of a next run."""

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("woo2po.setup.file.found_at", interrupted)
    said = typed(both)
    assert (said.code, said.flat) == (3, "✗ Stopped. Nothing was written.")
