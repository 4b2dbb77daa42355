"""The file that `init` writes: whole or not at all, over one that is there, keys in it or not."""

import errno
import os
import re
import shutil
import stat
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from dialogues import keys_of, typed
from served import GOES, invoked, served

from woo2po.cli import cli
from woo2po.settings import load
from woo2po.wizard.draft import changed_text

NAMES = ["application_key", "client_key", "consumer_key", "consumer_secret", "subscription_key"]


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    """The stand-in allows more than PowerOffice."""
    monkeypatch.setenv("WOO2PO_POWEROFFICE__REQUESTS_PER_SECOND", "100")


@pytest.fixture
def both(tmp_path):
    """A shop with an order, a company with the sandbox's products, and no configuration."""
    with served(tmp_path, [GOES]) as one:
        one.config.unlink()
        yield one


def written(both):
    """Return what stands in the written file."""
    return tomllib.loads(both.config.read_text("utf-8"))


def mode(path):
    """Return who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


# -- over a file that is there ---------------------------------------------------------------------


def test_run_again_nothing_changes(both):
    """Enter to everything, the keys too: the same file, to the byte."""
    typed(both)
    before = both.config.read_bytes()
    keys = dict.fromkeys(keys_of(both), "") | {"init.preview": "no"}
    said = typed(both, keys)
    assert said.code == 0, said.screen
    assert "There is a configuration in" in said.flat
    assert "[ck_...] > " in said.screen
    assert both.config.read_bytes() == before


MINE = """\
# My shop. Do not touch!

[orders]   # of numbers
number_prefix = "fjell_"  # since 2024

[woocommerce]
url = "{shop}"
consumer_key = "ck_sandbox"
consumer_secret = 'cs_sandbox'
orders_from = 2026-09-01
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
[payments.accounts]
# the accountant's
vipps = 1903
gone = 1905

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


def test_what_is_there_is_the_default_and_stays(both, mine):
    """Comments, order, keys that nobody is asked for; only answers that differ are changed."""
    plan = {"payments.types": "-", "payments.accounts": ["cod=1900", ""],
            "woocommerce.statuses": "processing, completed"}  # fmt: skip
    said = typed(both, plan, language="")
    assert said.code == 0, said.screen
    text = both.config.read_text("utf-8")
    for line in ("# My shop. Do not touch!", "[orders]   # of numbers", "# the accountant's",
                 'number_prefix = "fjell_"  # since 2024', 'timezone = "Europe/Oslo"',
                 'department = "NETT"  # all of it', "gone = 1905"):  # fmt: skip
        assert line in text, line
    assert 'statuses = ["processing", "completed"]' in text
    assert "#statuses" not in text
    assert text.index("[orders]") < text.index("[woocommerce]")
    assert written(both)["payments"]["accounts"]["cod"] == 1900
    assert both.config.stat().st_mode & 0o777 == 0o600
    assert load(both.config).dimensions.department == "NETT"


def test_an_answer_replaces_its_value_and_keeps_its_remark(both, mine):
    """The comment behind it stays on its line."""
    typed(both, {"orders.number_prefix": "berg_", "payments.register": "no"})
    text = both.config.read_text("utf-8")
    assert 'number_prefix = "berg_"  # since 2024' in text
    assert written(both)["payments"]["register"] is False


def test_the_file_of_one_sandbox_is_turned_to_production(both, mine):
    """Its addresses go: they would lead production's keys to this machine."""
    values = {"poweroffice.environment": "production"}
    gone = {"poweroffice.base_url", "poweroffice.token_url"}
    found = tomllib.loads(changed_text(mine, values, gone))
    assert found["poweroffice"]["environment"] == "production"
    assert not {"base_url", "token_url"} & found["poweroffice"].keys()


REMARKS = re.compile(r"# (?!these|first)[\w \[\],.]+$", re.MULTILINE)  # but inside a value


@pytest.mark.parametrize(
    "text",
    [
        "",
        'url = "x"\n# [woocommerce]\n[woocommerce]  # of mine\nurl = "https://x.no" # it\n',
        '[payments]\naccounts = { "vipps" = 1903 } # braces\n',
        '[payments]\n[payments.accounts] # ours\n"vipps" = 1903 # mine\n"a.b" = 1\n[fees]\n',
        '[woocommerce]\nstatuses = [ # these\n "processing", # first\n] # end\nurl = """x"""\n',
        "[payments]\naccounts = { vipps = 1903 }\nregister = true\n",
        "[payments]\nregister = true\n[payments.accounts]\nvipps = 1903\n",
        '[woocommerce]\nurl = "https://x.no"\n\n\n# the end\n',
        "# only a remark, without an end of its line",
        '[payments]\nx = """\n[shipping]\n#product = ""\n"""\n',
    ],
)
def test_a_file_is_changed_where_its_keys_stand(text):
    """Tables in braces, tables of their own, lists of several lines, nothing at all."""
    values = {
        "language": "en",
        "woocommerce.url": "https://y.no",
        "woocommerce.statuses": ["completed"],
        "payments.accounts": {"vipps": 1904, "klarna": 1905},
        "payments.default_type": "cash",
        "shipping.product": 'A "quoted" \\ code',
    }
    changed = changed_text(text, values, set())
    found = tomllib.loads(changed)
    assert [one for one in REMARKS.findall(text) if one not in changed] == []
    assert found["language"] == "en"
    assert found["woocommerce"]["url"] == "https://y.no"
    assert found["woocommerce"]["statuses"] == ["completed"]
    assert found["payments"]["accounts"] == {"vipps": 1904, "klarna": 1905}
    assert found["payments"]["default_type"] == "cash"
    assert found["shipping"]["product"] == 'A "quoted" \\ code'
    kept = tomllib.loads(text).get("payments", {})
    assert found["payments"].items() >= {n: v for n, v in kept.items() if n == "x"}.items()


@pytest.mark.parametrize(
    "text",
    [
        'woocommerce.url = "https://x.no"\n',
        'woocommerce = { url = "https://x.no" }\n',
        'fees.product = """\n"""\n',
        '[woocommerce]\nurl = "x"\n[payments.accounts.x]\ny = 1\n',
    ],
)
def test_a_file_whose_keys_have_no_lines_is_not_changed(text):
    """Dotted keys, a section in braces: nothing that would say something else is returned."""
    values = {"woocommerce.url": "https://y.no", "payments.accounts": {"vipps": 1904},
              "fees.product": "F", "woocommerce.statuses": ["completed"]}  # fmt: skip
    assert changed_text(text, values, set()) is None


def test_where_no_line_can_be_changed_a_new_file_is_written(both, mine):
    """With all that the old one said, which is kept; and that is told."""
    plain = mine.replace("[dimensions]\ndepartment", "[dimensions]\n#\n")
    braces = plain[: plain.index("[dimensions]")] + "\n"
    braces = braces.replace("[orders]   # of numbers\nnumber_prefix = \"fjell_\"  # since 2024",
                            'orders = { number_prefix = "fjell_" }\n'
                            'dimensions = { department = "NETT" }')  # fmt: skip
    both.config.write_text(braces, "utf-8")
    said = typed(both, {"orders.number_prefix": "berg_", "payments.register": "no"})
    assert said.code == 0, said.screen
    assert "so this is a new one" in said.flat
    assert both.config.with_name("config.toml.bak").read_text("utf-8") == braces
    assert load(both.config).orders.number_prefix == "berg_"
    assert load(both.config).dimensions.department == "NETT"
    assert load(both.config).payments.accounts["gone"] == 1905


def test_a_file_that_is_no_toml_is_said_and_left_alone(both):
    """With the line; Enter ends, and nothing is changed."""
    both.config.write_text('[woocommerce]\nurl = "https://x.no\n', "utf-8")
    said = typed(both)
    assert said.code == 2
    assert "is no TOML, so it cannot be read" in said.flat
    assert "at line 2, column" in said.flat
    assert both.config.read_text("utf-8") == '[woocommerce]\nurl = "https://x.no\n'
    assert said.asked == ["init.start_anew"]


def test_a_file_that_is_no_toml_is_kept_beside_the_new_one(both):
    """On a yes; a copy that is there already is not written over."""
    both.config.write_text("not toml", "utf-8")
    both.config.with_name("config.toml.bak").write_text("older", "utf-8")
    said = typed(both, {"init.start_anew": "yes"})
    assert said.code == 0, said.screen
    assert both.config.with_name("config.toml.bak").read_text("utf-8") == "older"
    assert both.config.with_name("config.toml.bak.1").read_text("utf-8") == "not toml"
    assert "is kept as" in said.flat
    assert load(both.config)


def test_keys_that_cannot_be_used_are_left_out_on_a_yes(both, mine):
    """An unknown one and a wrong one; without them the file loads, and a copy is kept."""
    broken = mine.replace('timezone = "Europe/Oslo"', 'timezone = "Mars"\ncolour = "red"')
    both.config.write_text(broken, "utf-8")
    said = typed(both, {"payments.register": "no"})
    assert said.code == 0, said.screen
    assert 'woocommerce.timezone: a time zone like "Europe/Oslo" was expected' in said.flat
    assert "woocommerce.colour" in said.flat
    assert load(both.config).woocommerce.timezone == "Europe/Oslo"
    assert both.config.with_name("config.toml.bak").read_text("utf-8") == broken
    assert typed(both, {"init.take_out": "no"}).code == 0, "nothing is wrong with it any more"


def test_a_wrong_answer_in_the_file_is_asked_anew(both, mine):
    """It is no default, and nobody has to mend the file first."""
    both.config.write_text(mine.replace("fjell_", "blåbær"), "utf-8")
    said = typed(both, {"payments.register": "no", "orders.number_prefix": ""})
    assert said.code == 0, said.screen
    assert load(both.config).orders.number_prefix == "shop_"


# -- where it goes ---------------------------------------------------------------------------------


def test_without_a_path_it_goes_into_this_folder(both, monkeypatch, tmp_path):
    """As a run will look for it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr("click.get_app_dir", lambda _: str(tmp_path / "none"))
    said = typed(both, config="")
    assert said.code == 0
    assert load(folder / "config.toml")
    assert "run --limit 3" in said.screen
    assert "woo2po run --limit 3" in said.flat
    assert "--config" not in said.screen.split("What to type next:")[1].split("The first")[0]


def test_a_configuration_in_the_users_folder_is_not_changed_unasked(both, monkeypatch, tmp_path):
    """It may be another shop's: which one it is about is asked first."""
    users, here = tmp_path / "users", tmp_path / "here"
    users.mkdir()
    here.mkdir()
    (users / "config.toml").write_text('[orders]\nnumber_prefix = "other_"\n', "utf-8")
    monkeypatch.chdir(here)
    monkeypatch.setattr("click.get_app_dir", lambda _: str(users))
    said = typed(both, {"init.place": "2"}, config="")
    assert said.code == 0, said.screen
    assert load(here / "config.toml").orders.number_prefix == "shop_"
    assert typed(both, {"init.place": "1"}, config="").code == 0


def test_a_folder_that_does_not_exist_is_made(both, tmp_path):
    """The one behind --config."""
    path = tmp_path / "new" / "shop" / "config.toml"
    assert typed(both, config=path).code == 0
    assert load(path)


def test_a_link_is_followed(both, tmp_path):
    """The file behind it changes, and the link stays one."""
    real = tmp_path / "real.toml"
    real.write_text("", "utf-8")
    link = tmp_path / "link.toml"
    link.symlink_to(real)
    typed(both, config=link)
    assert link.is_symlink()
    assert load(real)


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_asked(both, monkeypatch):
    """Not after ten minutes of answers."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("woo2po.files.tempfile.mkstemp", refuse)
    said = typed(both)
    assert said.code == 2
    assert "cannot be read or written here (Permission denied); nothing was asked." in said.flat
    assert said.asked == []


def test_a_folder_in_place_of_the_file_is_said(both, tmp_path):
    """As the path of --config."""
    said = typed(both, config=tmp_path)
    assert (said.code, said.asked) == (2, [])
    assert "Is a directory" in said.flat


def test_a_full_disk_costs_no_answer(both, monkeypatch, tmp_path):
    """Another place is asked for; where there was room nothing is left behind."""
    real = os.fsync

    def full(handle: int) -> None:
        monkeypatch.setattr("woo2po.files.os.fsync", real)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("woo2po.files.os.fsync", full)
    other = tmp_path / "other.toml"
    said = typed(both, {"init.other_place": ["<", str(other)]})
    assert said.code == 0, said.screen
    assert "could not be written (No space left on device). Nothing is lost" in said.flat
    assert not both.config.exists()
    assert load(other)
    assert [one.name for one in both.config.parent.iterdir() if one.suffix != ".toml"] == []


def test_a_file_that_fails_halfway_leaves_the_old_one_whole(both, mine, monkeypatch):
    """The new one takes the old one's place in one step, or not at all."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("woo2po.files.os.fsync", full)
    plan = {
        "payments.register": "no",
        "init.secrets": "files",
        "init.other_place": KeyboardInterrupt,
    }
    said = typed(both, plan)
    assert said.code == 3
    assert both.config.read_text("utf-8") == mine
    assert list((both.config.parent / "secrets").iterdir()) == []


# -- the keys --------------------------------------------------------------------------------------


def test_keys_in_files_of_their_own(both):
    """0600 in a folder of 0700, named by whole paths; and taken back into the file again."""
    said = typed(both, {"init.secrets": "files"})
    assert said.code == 0
    folder = both.config.parent / "secrets"
    assert sorted(one.name for one in folder.iterdir()) == NAMES
    assert {mode(one) for one in folder.iterdir()} == {0o600}
    assert mode(folder) == 0o700
    text = both.config.read_text("utf-8")
    assert 'sandbox"' not in "".join(line for line in text.splitlines() if "_key = " in line)
    assert f'client_key_file = "{folder / "client_key"}"' in text
    assert both.woo2po("run").exit_code == 0
    again = typed(both, {"init.secrets": "config"})
    assert "[files] > config" in again.screen
    assert "client_key_file" not in written(both)["poweroffice"]
    assert written(both)["poweroffice"]["client_key"] == "client-sandbox"


def test_keys_that_are_in_files_stay_in_them(both):
    """Those of Docker or systemd: read, offered without being shown, and left where they are."""
    typed(both, {"init.secrets": "files"})
    folder = both.config.parent / "secrets"
    before = both.config.read_bytes()
    plan = {"poweroffice.client_key": "", "woocommerce.consumer_secret": ""}
    said = typed(both, {**plan, "poweroffice.application_key": "", "woocommerce.consumer_key": "",
                        "poweroffice.subscription_key": ""})  # fmt: skip
    assert said.code == 0, said.screen
    assert both.config.read_bytes() == before
    shutil.rmtree(folder)
    said = typed(both, {"init.secrets": "files"})
    assert said.code == 0, "a file that is gone is a key that is asked for"


def test_no_key_is_in_the_log_or_on_the_screen_but_where_it_was_typed(both):
    """Nor in what a failure says."""
    both.go.faults.at("POST", "/Products", 1, "refuse", detail="app-sandbox cs_sandbox")
    both.go.books.products.clear()
    said = typed(both, {"init.create_products": "yes"})
    typed_lines = [line for line in said.screen.splitlines() if "cs_sandbox" in line]
    assert all(line.startswith(("> ", "  In the sandbox:")) for line in typed_lines)


# -- the environment -------------------------------------------------------------------------------


def test_what_the_environment_says_is_not_asked(both, monkeypatch):
    """It outweighs the file, so an answer would have no effect; that is said."""
    monkeypatch.setenv("WOO2PO_ORDERS__NUMBER_PREFIX", "env_")
    monkeypatch.setenv("WOO2PO_POWEROFFICE__CLIENT_KEY", "client-sandbox")
    said = typed(both)
    assert said.code == 0, said.screen
    assert not {"orders.number_prefix", "poweroffice.client_key"} & set(said.asked)
    names = "WOO2PO_ORDERS__NUMBER_PREFIX, WOO2PO_POWEROFFICE__CLIENT_KEY"
    assert names in said.flat
    assert "(cron, say) must have these variables too" in said.flat
    assert "client_key" not in written(both)["poweroffice"]
    assert load(both.config).orders.number_prefix == "env_"


def test_keys_from_the_environment_are_tried_like_any_others(both, monkeypatch, tmp_path):
    """All of them, one from a file: nothing of the systems is asked, and a wrong one ends it."""
    secret = tmp_path / "secret.txt"
    secret.write_text("cs_sandbox\n", "utf-8")
    for path, key in keys_of(both).items():
        if path.startswith(("woocommerce.url", "woocommerce.consumer_key", "poweroffice.")):
            monkeypatch.setenv(f"WOO2PO_{path.replace('.', '__').upper()}", key)
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__CONSUMER_SECRET_FILE", str(secret))
    monkeypatch.setenv("WOO2PO_POWEROFFICE__BASE_URL", f"{both.go_url}/Demo/v2")
    monkeypatch.setenv("WOO2PO_POWEROFFICE__TOKEN_URL", f"{both.go_url}/Demo/OAuth/Token")
    said = typed(both, {"poweroffice.environment": "demo"})
    assert said.code == 0, said.screen
    assert said.asked[:2] == ["poweroffice.environment", "init.right_company"]
    assert "The key works." in said.flat
    assert "sandbox" not in both.config.read_text("utf-8")
    assert load(both.config).woocommerce.consumer_secret.get_secret_value() == "cs_sandbox"
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__CONSUMER_KEY", "ck_other")
    said = typed(both, {"poweroffice.environment": "demo"})
    assert (said.code, said.asked) == (3, [])


def test_a_variable_that_is_no_key_is_said_at_once(both, monkeypatch):
    """Every other command will refuse it; the file is written all the same."""
    monkeypatch.setenv("WOO2PO_COLOUR", "red")
    said = typed(both)
    assert said.code == 2
    assert "The environment has WOO2PO_COLOUR, which is no key" in said.flat
    assert "WOO2PO_COLOUR: an unknown key" in said.flat
    monkeypatch.delenv("WOO2PO_COLOUR")
    assert load(both.config)


def test_a_table_in_the_environment_that_is_no_json_ends_it(both, monkeypatch):
    """Before anything is asked."""
    monkeypatch.setenv("WOO2PO_PAYMENTS__ACCOUNTS", "vipps=1903")
    said = typed(both)
    assert (said.code, said.asked) == (2, [])


def test_without_a_terminal_it_says_how(tmp_path, monkeypatch):
    """Exit code 2, and --answers is named."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["init", "--language", "en"])
    assert done.exit_code == 2
    assert "woo2po init --answers FILE" in " ".join(done.stderr.split())
    assert invoked("init", "--language", "nb").stderr.startswith("«woo2po init» stiller spørsmål")
    assert list(Path.cwd().iterdir()) == []
