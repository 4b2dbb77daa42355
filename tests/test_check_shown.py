"""`check` as people and programs get it: the command, its text in any terminal, its JSON."""

import json
import re

import pytest
from checking import WHOLE, checked
from served import GOES, HELD, invoked, served
from world import World

from woo2po.check.finding import Group, Level

SIGNS = {"ok", "note", "look", "held", "WRONG", "STOP"}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A shop with an order that goes and one that is held, and a company."""
    with served(tmp_path_factory.mktemp("check"), [GOES, HELD]) as both:
        yield both


def test_the_command_says_all_and_ends_with_the_worst_line(both):
    """Heading by heading, the conclusion, how often it asked."""
    result = both.woo2po("check")
    assert result.exit_code == 1
    said = " ".join(result.output.split())
    held = "held The order has VAT of SE at 25 %, and no product is named for it. Orders: 1 (42)."
    assert f"{held} → Book it by hand" in said, "the hold's own sentence and remedy"
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
    findings = re.findall(r"(?m)^  (?!    )(\S+)", before.partition("\nA run would")[0])
    assert {*findings} <= SIGNS, "each line begins with a word that needs no colour"
    world = World(tmp_path)
    world.configure(**WHOLE)
    for order_id in range(101, 121):
        world.sells(order_id)
    assert len(checked(world).text("en").splitlines()) <= 25


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


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [(None, "no_config", "woo2po init"), ("[orders]\nnumber = 1", "check_wrong_key", "orders.num")],
)
def test_of_a_configuration_that_cannot_be_used_nothing_else_is_told(tmp_path, text, code, named):
    """Nothing else could be tried; exit code 2, and no traceback."""
    path = tmp_path / "config.toml"
    if text:
        path.write_text(text, "utf-8")
    done = invoked("check", "--config", str(path))
    assert (done.exit_code, done.stderr) == (2, "")
    assert "WRONG" in done.stdout
    assert named in done.stdout
    assert "A run would not even begin" in done.stdout
    said = json.loads(invoked("check", "--json", "--config", str(path)).output)
    assert {one["code"] for one in said["findings"]} == {code}
