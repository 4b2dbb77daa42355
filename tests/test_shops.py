"""`status --line`: one line a shop, from its state database alone, for a loop over many."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from configured import of_the_sandbox
from served import GOES, HELD, invoked
from world import World

from woo2po.config import load
from woo2po.status_screen import status_line

TWO_HOURS = timedelta(hours=2)
SOON = timedelta(minutes=3)


def shop(folder, *orders, language="en"):
    """Make a shop, and let it run with these recorded orders; without any it never ran."""
    config = of_the_sandbox(folder, "https://nett.example/butikk/", language)
    if orders:
        world = World(folder)
        world.loads(*orders)
        world.run()
    return config


def said(folder, config, later=SOON, language="en"):
    return status_line(config, load, World(folder).now() + later, TWO_HOURS, language)


def test_a_shop_that_is_well_and_one_that_holds_an_order(tmp_path):
    """Sign, shop, last good run, what is held; and what to type, quoted where a shell wants it."""
    good, held = shop(tmp_path / "good", GOES), shop(tmp_path / "min butikk", GOES, HELD)
    well = "ok nett.example/butikk: last good run 3 minutes ago, nothing held."
    assert said(tmp_path, good) == (well, 0)
    todo = f"1 held. `woo2po status --config '{held}'` says why, and what to do."
    line = f"look nett.example/butikk: last good run 3 minutes ago, {todo}"
    assert said(tmp_path, held) == (line, 1)


def test_a_shop_that_stopped_or_never_ran_is_marked(tmp_path):
    """Its last good run is older than it may be; what is held is told all the same. Of the line in
    the crontab that was forgotten plain `status` would say nothing.
    """
    config = shop(tmp_path / "stopped", HELD)
    for later, age in ((timedelta(hours=5), "5 hours"), (timedelta(days=3), "3 days")):
        line, code = said(tmp_path, config, later)
        assert f"no run has gone well for {age}, 1 held. `woo2po run --config {config}`" in line
        assert (line.split()[0], code) == ("look", 1)
    config = shop(tmp_path / "new")
    line, code = said(tmp_path, config)
    assert f"no run has been made yet. `woo2po schedule --install --config {config}`" in line
    assert code == 1
    assert not (config.parent / "woo2po.db").exists()


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [("[woocommerce\n", "config.toml: "), ("", "woocommerce.url: "), (None, "config.toml: ")],
)
def test_a_configuration_that_cannot_be_used_is_one_line_too(tmp_path, wrong, expected):
    """In the language of the environment, or its own where that can be told; exit code 2."""
    config = shop(tmp_path / "wrong", language="nb")
    config.unlink() if wrong is None else config.write_text(wrong, "utf-8")
    line, code = said(tmp_path, config)
    assert line.startswith(f"WRONG {config}: the configuration is wrong: ")
    assert expected in line
    assert ("\n" in line, code) == (False, 2)
    config.write_text(f'language = "nb"\n{wrong}', "utf-8")
    assert said(tmp_path, config)[0].startswith(f"FEIL {config}: konfigurasjonen er feil: ")


def test_a_state_that_cannot_be_read_is_one_line_too(tmp_path):
    """With the exit code that a run would end with."""
    config = shop(tmp_path / "damaged", GOES)
    (config.parent / "woo2po.db").write_bytes(b"no database" * 1000)
    line, code = said(tmp_path, config)
    assert line.startswith("WRONG nett.example/butikk: ")
    assert ("\n" in line, code) == (False, 2)


def test_a_loop_tells_of_all_shops(tmp_path):
    """As the README has it: a line each, also where one is wrong."""
    shop(tmp_path / "a", GOES)
    shop(tmp_path / "b").write_text("[", "utf-8")
    woo2po = f"{sys.executable} -m woo2po"
    loop = f'for c in {tmp_path}/*/config.toml; do {woo2po} status --line --config "$c"; done'
    command = ["/bin/sh", "-c", loop]
    env = {**os.environ, "LC_ALL": "nb_NO.UTF-8", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, env=env, capture_output=True, check=False, timeout=60)
    assert [line.split()[0] for line in done.stdout.decode().splitlines()] == ["look", "FEIL"]
    assert (done.returncode, done.stderr) == (2, b"")
    assert invoked("status", "--line", "--config", str(tmp_path / "b/config.toml")).exit_code == 2
