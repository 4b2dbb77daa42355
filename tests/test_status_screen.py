"""The screen of `status`: what people read, in both languages, on terminals of two widths."""

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
import screens
import stories
from world import World

from woo2po import run, screen
from woo2po.status import status_of
from woo2po.status_screen import by_the_clock, lasting, status_text, told

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # a Monday, 19:00 in Oslo


@pytest.mark.parametrize("situation", screens.SITUATIONS)
def test_the_screen_is_the_one_that_was_looked_over(situation, tmp_path):
    """`python tests/screens.py --write` writes them anew; a person reads the difference. Each fits
    the terminal: 24 lines with the prompt where 80 columns are there, and no line is cut.
    """
    shown = dict(screens.screens(situation, tmp_path))
    assert len(shown) == len(screens.WIDTHS) * len(screens.LANGUAGES)
    for name, text in shown.items():
        assert text == (screens.EXPECTED / f"{name}.txt").read_text("utf-8"), name
        width = int(name.split(".")[1])
        assert max(map(len, text.splitlines())) <= width - 2, name
        assert text.count("\n") <= (23 if width == 80 else 27), name


def test_no_screen_is_left_of_a_situation_that_is_gone():
    left = {path.name.split(".")[0] for path in screens.EXPECTED.iterdir()}
    assert left == {*screens.SITUATIONS, "demo"}


def test_every_reason_has_its_line_on_the_narrowest_screen(tmp_path):
    """The first with what to do, the others as far as they fit; and where the rest is."""
    world = World(tmp_path)
    stories.told(screens.SITUATIONS["of_everything"], world)
    said = shown_on(world, screen.Screen(columns=screen.NARROWEST))
    assert "[total_below_lines]\n  For example 1031: " in said
    lines = said.splitlines()
    for start in ("42 [foreign_vat]: The ", "2084 [two_rates_at_once]: ", "  ! 2072: "):
        (line,) = (one for one in lines if one.startswith(start))
        assert len(line) <= screen.NARROWEST
    assert "`woo2po status --all` says what to do about" in " ".join(said.split())


def test_all_shows_every_order_by_itself(tmp_path):
    """Each held one with its reason, and the others in a table; the next step last."""
    world = World(tmp_path)
    stories.told(screens.SITUATIONS["of_everything"], world)
    found = status_of(world.settings, world.now(), all_orders=True, max_age=timedelta(hours=2))
    said = status_text(found, "en", world.now(), "Europe/Oslo", all_orders=True)
    assert "The shop has been read up to today at 19:00." in " ".join(said.split())
    for number in ("1031", "1032", "2076"):
        assert f"\n{number} — held [total_below_lines]\n" in said
    assert "\nnumber" in said
    assert said.rpartition("\n\n")[2].startswith("Next: do what the arrow says for 1031;")


def test_a_command_that_is_shown_can_be_typed(world):
    """The order's number stands in it; in one for several orders, NUMBER does."""
    world.sells(101, number="#7 (B)", total="10.00", line_items=[])
    world.run()
    assert '`woo2po skip "#7 (B)" --reason "..."`' in " ".join(shown_on(world).split())
    world.sells(102, line_items=[])
    world.run()
    assert '`woo2po skip NUMBER --reason "..."`' in " ".join(shown_on(world).split())


def test_a_lock_that_nobody_may_look_at_leaves_both_open(world, monkeypatch):
    """It is another user's: a run without an end is at work, or was killed."""
    stories.told(screens.CUT_SHORT, world)
    monkeypatch.setattr(run, "lock_of", mock.Mock(side_effect=PermissionError))
    said = shown_on(world)
    assert said.startswith("! The last run began a minute ago and has not come to its end:")
    assert "The last one that went well was 6 minutes ago." in " ".join(said.split())


def test_a_clock_that_was_wrong_is_told_as_such(world):
    """A run of tomorrow does not make the job run for less than a minute."""
    world.run()
    world.wait(-24 * 3600)
    assert shown_on(world).startswith("! The last run is dated on 2026-11-23 at 19:00, which is")


def test_a_job_that_never_went_well_says_so(world):
    """The first run could not reach the shop."""
    world.shop.misbehaviour.maintenance = True
    world.run()
    assert "No run has gone well yet." in " ".join(shown_on(world).split())


def shown_on(world, here=None):
    """Return what `status` prints in English on a screen."""
    screen.use(here or screen.Screen())
    try:
        return screens.shown(world, "en")
    finally:
        screen.use(screen.Screen())


# -- times in words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "en", "nb"),
    [
        (timedelta(), "less than a minute ago", "for under et minutt siden"),
        (timedelta(seconds=61), "a minute ago", "for et minutt siden"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago", "for 59 minutter siden"),
        (timedelta(hours=1), "today at 18:00", "i dag kl. 18.00"),
        (timedelta(hours=20, minutes=50), "yesterday at 22:10", "i går kl. 22.10"),
        (timedelta(days=60), "on 2026-09-24 at 20:00", "24.09.2026 kl. 20.00"),
        (timedelta(minutes=-10), "today at 19:10", "i dag kl. 19.10"),
        (timedelta(days=-3), "on 2026-11-26 at 19:00", "26.11.2026 kl. 19.00"),
    ],
)
def test_a_moment_is_told_as_the_shops_people_say_it(before, en, nb):
    """By the clock and the calendar of the shop's own zone, summer time included."""
    said = [told(NOW - before, NOW, "Europe/Oslo", language) for language in ("en", "nb")]
    assert said == [en, nb]


def test_the_day_is_the_zones():
    """Yesterday in Oslo is still today in New York."""
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    before = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert by_the_clock(before, late, "Europe/Oslo", "en") == "yesterday at 23:30"
    assert by_the_clock(before, late, "America/New_York", "en") == "today at 17:30"


@pytest.mark.parametrize(
    ("span", "en", "nb"),
    [
        (timedelta(seconds=59), "less than a minute", "under et minutt"),
        (timedelta(minutes=1), "a minute", "et minutt"),
        (timedelta(hours=1), "an hour", "en time"),
        (timedelta(hours=47), "47 hours", "47 timer"),
        (timedelta(hours=48), "2 days", "2 dager"),
    ],
)
def test_a_span_is_told_in_the_unit_that_fits(span, en, nb):
    """Minutes, then hours, then days."""
    assert (lasting(span, "en"), lasting(span, "nb")) == (en, nb)
