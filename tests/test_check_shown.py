"""`check` as people and programs get it: the command, its text in any terminal, its JSON."""

import json
import os
import re
import signal
import subprocess
import sys

import pytest
from checking import WHOLE, checked
from served import GOES, HELD, invoked, served
from world import World

from woo2po.check.finding import Group, Level

SIGNS = ("ok", "note", "look", "held", "WRONG", "STOP")


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A shop with an order that goes and one that is held, and a company."""
    with served(tmp_path_factory.mktemp("check"), [GOES, HELD]) as both:
        yield both


def test_the_command_says_all_and_ends_with_the_worst_line(both):
    """Heading by heading, the conclusion, how often it asked."""
    result = both.woo2po("check")
    assert result.exit_code == 1
    assert re.search(r"\n✓ The shop: \d of \d in order\n", result.output)
    assert "\n! Products and accounts: " in result.output
    assert "\n! The first orders that would be transferred: 1 of 2 in order" in result.output
    assert "shop 6, PowerOffice 9" in result.output
    assert result.output.rpartition("\n\n")[2].startswith("A run would work, and hold some")
    assert "\n→ Next: " in result.output


def test_what_is_well_is_one_line_and_v_opens_it(both, tmp_path):
    """Behind the command or before it. All well takes 25 lines, ten of them the first orders."""
    short, long = both.woo2po("check"), both.woo2po("check", "-v")
    assert long.output.count("  ok     ") > short.output.count("  ok     ") + 10
    before = both.woo2po("-v", "check").output
    assert before.count("\n") == long.output.count("\n")
    world = World(tmp_path)
    world.configure(**WHOLE)
    for order_id in range(101, 121):
        world.sells(order_id)
    assert len(checked(world).text("en").splitlines()) <= 25


def test_a_finding_says_what_a_run_will_say(both):
    """The hold's own sentence and remedy, with how many orders it holds."""
    said = " ".join(both.woo2po("check").output.split())
    assert (
        "held The order has VAT of SE at 25 %, and no product is named for it. Orders: 1 (42)."
        in said
    )
    assert "→ Book it by hand" in said


def test_each_line_begins_with_a_word_that_needs_no_colour(both):
    """Under it, what to do, behind an arrow."""
    lines = both.woo2po("check", "-v").output.partition("\nA run would")[0].splitlines()
    assert len(lines) > 20
    for line in lines:
        if line.startswith("  ") and not line.startswith("    "):
            assert line.split()[0] in SIGNS, line


def test_json_has_the_shape_that_the_readme_tells(both):
    """One object; a key is added, never renamed."""
    result = both.woo2po("check", "--json")
    said = json.loads(result.output)
    assert list(said) == ["exit_code", "conclusion", "next_step", "asked", "findings"]
    assert said["exit_code"] == result.exit_code == 1
    assert said["asked"].keys() == {"shop", "poweroffice"}
    for one in said["findings"]:
        assert list(one) == ["group", "level", "code", "text", "remedy", "facts", "reason"]
        assert one["group"] in set(Group)
        assert one["level"] in set(Level)
        assert one["text"]
    assert "foreign_vat" in {one["reason"] for one in said["findings"]}


def test_ctrl_c_ends_it_without_a_verdict(both):
    """What was not asked any more was not found wanting."""
    both.listen()
    started_ = subprocess.Popen(
        [sys.executable, "-m", "woo2po", "check"],
        env={**os.environ, "WOO2PO_CONFIG": str(both.config), "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    asked = len(both.shop.requests)

    def interrupt():
        if len(both.shop.requests) == asked + 2:
            os.kill(started_.pid, signal.SIGINT)

    both.shop.before_each = interrupt
    said, told = started_.communicate(timeout=60)
    both.shop.before_each = None
    assert (started_.returncode, said) == (3, "")
    assert "Stopped as told" in told


def test_no_configuration_is_the_only_line(tmp_path):
    """Nothing else could be tried."""
    result = invoked("check", "--config", str(tmp_path / "config.toml"))
    assert result.exit_code == 2
    assert "WRONG" in result.output or "FEIL" in result.output
    said = json.loads(invoked("check", "--json", "--config", str(tmp_path / "x.toml")).output)
    assert [one["code"] for one in said["findings"]] == ["no_config"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("language = en", "line 1"),
        ("[woocommerce]\nurl = 'ftp://x'", "woocommerce.url"),
        ("[orders]\nnumber = 1", "orders.number"),
        ("\xff", "config.toml"),
    ],
)
def test_a_broken_configuration_names_each_wrong_key(tmp_path, monkeypatch, text, named):
    """Exit code 2, in the language of the environment, and no traceback."""
    path = tmp_path / "config.toml"
    path.write_bytes(text.encode("latin-1"))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    done = invoked("check", "--config", str(path))
    assert done.exit_code == 2
    assert named in done.stdout
    assert "A run would not even begin" in done.stdout
    assert done.stderr == ""


def test_each_end_has_its_sentence_and_the_next_step(tmp_path):
    """Fine, look, held, out of reach, wrong: the worst decides."""
    world = World(tmp_path)
    world.configure(**WHOLE)
    world.sells(101)
    ends = {}

    def end(name):
        text = checked(world).text("en")
        ends[name] = text.split("\n\n")[-1]
        assert "→ Next: " in ends[name]

    end("fine")
    world.faults.may_send = False
    end("look")
    world.loads("sweden-oss")
    end("held")
    world.shop.misbehaviour.maintenance = True
    end("out of reach")
    world.shop.misbehaviour.maintenance = False
    world.configure(woocommerce={"statuses": ["x"]})
    end("wrong")
    assert len({text.split(":")[0] for text in ends.values()}) == 5
    assert "look" in ends["look"]
    assert "held" in ends["held"]
