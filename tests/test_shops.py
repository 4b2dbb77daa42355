"""`status --all DIR`: fifty shops in one table, from their state databases alone."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest import mock

import pytest
from served import HELD, invoked
from world import World

from woo2po import shops as shops_module
from woo2po.demo import sandbox_config
from woo2po.sandbox.shop import ShopSite
from woo2po.settings import load
from woo2po.shops import NoShops, configs_below, shops_below, shops_text

TWO_HOURS = timedelta(hours=2)
LOAD = partial(load, alone=True)


def config_in(folder, name="config.toml", language="en"):
    """Make a shop's configuration in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    site = ShopSite()
    text = sandbox_config(f"https://{folder.name}.example", "https://go.example", site, language)
    path = folder / name
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path


class Agency:
    """An agency's folder of shops, and what `status --all` says of it at a moment."""

    def __init__(self, root):
        self.root = root
        self.folder = root / "shops"
        self.world = World(root)

    def shop(self, name, *orders, language="en"):
        """Make a shop, and let it run with these recorded orders; without any it never ran."""
        config = config_in(self.folder / name, language=language)
        if orders:
            world = World(config.parent)
            world.loads(*orders)
            world.run()
        return config

    def found(self, later=timedelta(minutes=3), language="en"):
        return shops_below(self.folder, LOAD, self.now(later), TWO_HOURS, language)

    def now(self, later=timedelta(minutes=3)):
        return self.world.now() + later

    def rows(self, **more):
        return {row.shop: row for row in self.found(**more).shops}

    def text(self, **more):
        return shops_text(self.found(**more), self.now(more.get("later", timedelta(minutes=3))))


@pytest.fixture
def agency(tmp_path):
    """An agency without shops."""
    return Agency(tmp_path)


def test_each_shop_has_its_row(agency):
    """Last good run, what is held and waits, what to do; the worst decides how it ends."""
    agency.shop("good", "b2c-vipps-simple")
    agency.shop("held", "b2c-vipps-simple", HELD)
    rows = agency.rows()
    assert {name: (row.exit_code, row.code) for name, row in rows.items()} == {
        "good": (0, ""),
        "held": (1, "shop_held"),
    }
    assert rows["held"].counts == {"draft": 1, "held": 1}
    assert rows["good"].last_good_run is not None
    assert agency.found().exit_code == 1
    head, _, good, held = agency.text().splitlines()[:4]
    assert head.split() == ["shop", "good", "run", "held", "in", "the", "queue"]
    assert good.split() == ["good", "3", "min", "ago"]
    assert held.split() == ["held", "3", "min", "ago", "1"]


def test_what_to_do_stands_below_the_table(agency):
    """With the command that can be typed as it stands, quoted where a shell wants it."""
    agency.shop("good", "b2c-vipps-simple")
    config = agency.shop("min butikk", HELD)
    text = " ".join(agency.text().split())
    assert f"→ min butikk: 1 held. `woo2po status --config '{config}'` says why" in text
    assert text.endswith("Shops: 2, in order: 1, to look at: 1.")


def test_where_all_is_well_one_line_says_so(agency):
    """And the exit code."""
    agency.shop("a", "b2c-vipps-simple")
    agency.shop("b", "b2c-vipps-simple")
    assert agency.found().exit_code == 0
    assert agency.text().splitlines()[-1] == "Shops: 2, all in order."


def test_a_shop_that_stopped_is_marked(agency):
    """Its last good run is older than it may be."""
    agency.shop("stopped", "b2c-vipps-simple")
    later = timedelta(hours=5)
    assert agency.rows(later=later)["stopped"].code == "shop_too_old"
    text = agency.text(later=later)
    assert "5 h ago !" in text
    assert "no run has gone well for 5 hours." in text
    assert agency.rows(later=timedelta(days=3))["stopped"].next.startswith(
        "no run has gone well for 3 days."
    )


def test_a_shop_that_never_ran_is_no_good_shop(agency):
    """The line in the crontab that was forgotten: plain `status` would say nothing of it."""
    config = agency.shop("new")
    row = agency.rows()["new"]
    assert (row.exit_code, row.code, row.last_good_run) == (1, "shop_never", None)
    assert f"woo2po schedule cron --config {config}" in row.next
    assert not (config.parent / "woo2po.db").exists()


BROKEN = {
    "no TOML": ("[woocommerce\n", "config.toml: "),
    "a wrong key": ("", "shipping.produkt: "),
    "an empty file": (None, "woocommerce.url: "),
}


@pytest.mark.parametrize(("text", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_configuration_that_cannot_be_used_is_told_in_its_row(agency, text, expected):
    """The others are shown all the same, and the exit code is 2."""
    agency.shop("good", "b2c-vipps-simple")
    config = agency.shop("wrong", "b2c-vipps-simple")
    whole = text + config.read_text("utf-8") if text is not None else ""
    if text == "":
        whole = whole.replace("[shipping]", "[shipping]\nprodukt = 1")
    config.write_text(whole, "utf-8")
    found, rows = agency.found(), agency.rows()
    assert (rows["wrong"].exit_code, rows["wrong"].code) == (2, "shop_wrong")
    assert expected in rows["wrong"].next
    assert rows["good"].exit_code == 0
    assert found.exit_code == 2
    assert [line.split() for line in agency.text().splitlines()[2:4]] == [
        ["good", "3", "min", "ago"],
        ["wrong", "?"],
    ]


def test_a_state_database_that_cannot_be_read_is_told_in_its_row(agency):
    """Damaged, or another version's."""
    agency.shop("good", "b2c-vipps-simple")
    config = agency.shop("damaged", "b2c-vipps-simple")
    for side in config.parent.glob("woo2po.db*"):
        side.unlink()
    (config.parent / "woo2po.db").write_bytes(b"no database " * 1000)
    row = agency.rows()["damaged"]
    assert row.exit_code == 2
    assert row.code.startswith("state_")
    assert str(config.parent) in row.next


def test_the_worst_decides():
    """2, then 3, 1, 0, as for one shop."""
    for codes, worst in (([0, 1, 3, 2], 2), ([1, 3, 0], 3), ([0, 1], 1), ([0], 0)):
        rows = [shops_module.ShopStatus(str(code), "", code, "") for code in codes]
        assert shops_module.Shops(rows, "en").exit_code == worst


def test_the_language_is_that_of_the_first_shop_that_can_be_read(agency):
    """cron has none; where no configuration can be read, the environment's."""
    agency.shop("a", HELD, language="nb")
    assert agency.text(language="en").endswith("Butikker: 1, i orden: 0, må ses på: 1.")
    (agency.folder / "a" / "config.toml").write_text("[", "utf-8")
    assert agency.text(language="en").endswith("Shops: 1, in order: 0, to look at: 1.")


def test_sixty_columns_are_enough_for_the_table(agency):
    """A long name is cut in the table, and whole in what is to be done."""
    name = "en-butikk-med-et-navn-som-er-lengre-enn-de-fleste"
    for language in ("en", "nb"):
        agency.shop(f"{name}-{language}", HELD, language=language)
    table = agency.text().split("\n\n")[0]
    assert max(map(len, table.splitlines())) <= 60
    assert "en-butikk-med-et-na…" in table
    assert f"{name}-nb: 1" in agency.text()


def test_a_hostile_name_breaks_no_terminal(agency):
    """A folder's name may hold anything."""
    agency.shop("\x1b[31mred\u202e", HELD)
    assert agency.text().replace("\n", " ").isprintable()


# -- which files are shops ---------------------------------------------------------------------


def test_shops_are_found_as_folders_and_as_files(tmp_path):
    """A folder with a config.toml, three levels down; or files side by side."""
    wanted = [
        config_in(tmp_path, "kari.toml"),
        config_in(tmp_path, "ola.toml"),
        config_in(tmp_path / "nett"),
        config_in(tmp_path / "kunde" / "butikk"),
        config_in(tmp_path / "a" / "b" / "c"),
    ]
    config_in(tmp_path / "a" / "b" / "c" / "d")
    config_in(tmp_path / ".venv")
    config_in(tmp_path / "nett", "other.toml")
    config_in(tmp_path, "config.example.toml")
    (tmp_path / "pyproject.toml").write_text("[project]\n", "utf-8")
    (tmp_path / "editor").mkdir()
    (tmp_path / "editor" / "config.toml").write_text('theme = "dark"\n', "utf-8")
    assert sorted(configs_below(tmp_path)) == sorted(wanted)
    found = shops_below(tmp_path, LOAD, World(tmp_path).now(), TWO_HOURS, "en")
    names = ["a/b/c", "kari", "kunde/butikk", "nett", "ola"]
    assert [row.shop for row in found.shops] == names


def test_a_shop_s_own_folder_is_one_shop(tmp_path):
    """It is called like its folder."""
    config_in(tmp_path / "nett")
    found = shops_below(tmp_path / "nett", LOAD, World(tmp_path).now(), TWO_HOURS, "en")
    assert [row.shop for row in found.shops] == ["nett"]


def test_a_folder_that_is_reached_twice_is_one_shop(tmp_path):
    """By a link, or through one that leads back up."""
    config = config_in(tmp_path / "nett")
    (tmp_path / "same").symlink_to(tmp_path / "nett")
    (tmp_path / "nett" / "up").symlink_to(tmp_path)
    assert [one.resolve() for one in configs_below(tmp_path)] == [config.resolve()]


@pytest.mark.parametrize("what", ["missing", "file"])
def test_what_is_no_folder_is_said(tmp_path, what):
    """A typing error must not look as if all were well."""
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(NoShops) as caught:
        configs_below(tmp_path / what)
    assert caught.value.code == "shops_no_folder"


def test_a_folder_of_somebody_else_s_is_said(tmp_path):
    """Nothing can be told of what may not be read."""
    refused = PermissionError(13, "Permission denied")
    with mock.patch.object(Path, "glob", side_effect=refused), pytest.raises(NoShops) as caught:
        configs_below(tmp_path)
    assert caught.value.code == "shops_no_folder"


def test_an_empty_folder_is_said(tmp_path):
    """Nor must the wrong folder."""
    with pytest.raises(NoShops) as caught:
        configs_below(tmp_path)
    assert caught.value.code == "shops_none"


def test_a_folder_that_may_not_be_read_is_a_row(agency):
    """Another user's shop is no good shop."""
    agency.shop("good", "b2c-vipps-simple")
    agency.shop("secret", "b2c-vipps-simple")
    real, forbidden = Path.iterdir, agency.folder / "secret"

    def listed(path):
        if path == forbidden:
            raise PermissionError(13, "Permission denied")
        return real(path)

    shutil.rmtree(forbidden)
    forbidden.mkdir()
    with mock.patch.object(Path, "iterdir", listed):
        rows = agency.rows()
    assert {name: row.exit_code for name, row in rows.items()} == {"good": 0, "secret": 2}


def test_a_link_that_leads_nowhere_is_a_row(agency):
    """A configuration that was moved away."""
    agency.shop("good", "b2c-vipps-simple")
    (agency.folder / "gone").mkdir()
    (agency.folder / "gone" / "config.toml").symlink_to(agency.folder / "nowhere.toml")
    assert agency.rows()["gone"].exit_code == 2


def test_a_link_that_leads_to_itself_is_a_row(agency):
    """One shop's slip takes no other shop out of the table."""
    agency.shop("good", "b2c-vipps-simple")
    (agency.folder / "round").mkdir()
    (agency.folder / "round" / "config.toml").symlink_to("config.toml")
    rows = agency.rows()
    assert {name: row.exit_code for name, row in rows.items()} == {"good": 0, "round": 2}


# -- the environment ---------------------------------------------------------------------------


def test_the_environment_is_no_shop_s(agency, monkeypatch):
    """One shop's variables would be those of all: they are not looked at, unknown ones neither."""
    agency.shop("a", HELD)
    agency.shop("b", "b2c-vipps-simple")
    before = agency.found()
    monkeypatch.setenv("WOO2PO_STATE__PATH", str(agency.folder / "a" / "woo2po.db"))
    monkeypatch.setenv("WOO2PO_LANGUAGE", "nb")
    monkeypatch.setenv("WOO2PO_POWEROFFICE__CLIENT_KEY_FILE", "/nowhere")
    monkeypatch.setenv("WOO2PO_NONSENSE", "1")
    assert agency.found() == before


def test_keys_that_come_from_elsewhere_are_not_missed(agency):
    """systemd's credentials and a pod's secrets are not there when somebody looks."""
    config = agency.shop("a", "b2c-vipps-simple")
    lines = config.read_text("utf-8").splitlines()
    kept = [line for line in lines if "_key =" not in line and "_secret =" not in line]
    text = "\n".join(kept).replace("[orders]", 'client_key_file = "/run/nothing"\n[orders]')
    config.write_text(text, "utf-8")
    assert agency.rows()["a"].exit_code == 0


# -- the command -------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a shop of its own and two below, whose runs were just now."""
    monkeypatch.chdir(tmp_path)
    config_in(tmp_path)
    for name in ("a", "b"):
        ran(config_in(tmp_path / "shops" / name))
    return tmp_path


def ran(config):
    """Let a shop have run just now, by the clock on the wall."""
    world = World(config.parent)
    world.arrive_at(datetime.now(UTC))
    world.run()


CALLS = [
    (["--all"], "one"),
    (["--all", "--json"], "one"),
    (["--json", "--all"], "one"),
    (["--all", "--max-age", "60"], "one"),
    (["--all", "shops"], "all"),
    (["--all", "shops", "--json"], "all"),
    (["--json", "--all", "shops"], "all"),
    (["--all=shops", "--json"], "all"),
    (["--max-age", "60", "--all", "shops"], "all"),
]


@pytest.mark.parametrize(("arguments", "of"), CALLS)
def test_all_is_all_orders_and_with_a_folder_all_shops(here, arguments, of):
    """Scripts that say `status --all --json` get what they always got."""
    result = invoked("status", *arguments)
    assert result.exit_code == 0, result.output
    if "--json" in arguments:
        said = json.loads(result.stdout)
        assert ("shops" in said) is (of == "all")
        assert ("orders" in said) is (of == "one")
    else:
        assert ("Shops: 2, all in order." in result.stdout) is (of == "all")


def test_what_the_json_says(here):
    """The exit code, and for each shop what the table shows."""
    said = json.loads(invoked("status", "--all", "shops", "--json").stdout)
    assert said.keys() == {"exit_code", "shops"}
    assert said["shops"][0].keys() == {
        "shop", "config", "exit_code", "code", "next", "last_good_run", "too_old", "counts",
    }  # fmt: skip
    assert [shop["shop"] for shop in said["shops"]] == ["a", "b"]


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_folder_without_shops_ends_with_2(here, folder, more):
    """Whoever watches the exit code hears of it."""
    (here / "empty").mkdir()
    result = invoked("status", "--all", folder, *more)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert folder in result.stderr


def test_the_state_of_no_shop_is_touched(agency):
    """It is looked at while runs are under way."""
    config = agency.shop("a", HELD)
    state = config.parent / "woo2po.db"
    before = state.read_bytes(), state.stat().st_mtime_ns
    agency.found()
    assert (state.read_bytes(), state.stat().st_mtime_ns) == before
