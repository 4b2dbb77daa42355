"""Runs of the job, time that passes, and everything that goes wrong on the way."""

from collections.abc import Callable, Sequence
from typing import Any

from world import Killed

from tests.lives.acts_go import PRIVILEGES
from tests.lives.life import Life
from woo2po.pull import WrongNumber
from woo2po.status import retry as try_again

# Longer than this nothing is on its way through the net.
ON_ITS_WAY = 30


def _one_run(life: Life, *numbers: str, limit: int | None = None) -> None:
    life.tally["runs"] += 1
    try:
        life.world.run(*numbers, limit=limit)
    except Killed:
        life.tally["kills"] += 1
    except WrongNumber:
        life.tally["unknown numbers"] += 1
    _it_passes(life)
    # Known limit: a draft that a read does not show yet is taken for deleted by the next run.
    life.world.wait(life.said.get("stale", 0))


def _it_passes(life: Life) -> None:
    """Let what lasted so many runs be over; a full disk has room again after one."""
    world, bad = life.world, life.world.shop.misbehaviour
    world.full_from_commit = 0
    for name in list(life.lasts):
        life.lasts[name] -= 1
        if life.lasts[name] == 0:
            del life.lasts[name]
            if name == "down":
                world.wire.down = ""
                world.faults.planned = [one for one in world.faults.planned if one.method == "GET"]
            else:
                bad.maintenance = bad.html_200 = bad.truncated = False
                bad.failures = []


def run(life: Life) -> None:
    """Let cron start a run."""
    _one_run(life)


def run_limited(life: Life, limit: int) -> None:
    """`run --limit`."""
    _one_run(life, limit=limit)


def run_one(life: Life, n: int) -> None:
    """`run --order`."""
    story = life.pick(n, life.with_status())
    if story is not None:
        _one_run(life, life.world.shop.orders[story.order_id]["number"])


def retry(life: Life) -> None:
    """`retry`."""
    if life.world.state.exists():
        try_again(life.world.settings, [])


def wait(life: Life, seconds: int) -> None:
    """Let time pass; what is under way in the net arrives, if it is more than a moment."""
    if seconds >= ON_ITS_WAY:
        life.world.wire.late_ones_arrive()
    life.world.wait(seconds)


def switch(life: Life, name: str, value: Any) -> None:
    """Change a key of the configuration."""
    if life.switched(name) != value:
        section, key = name.split(".")
        life.world.configure(**{section: {key: value}})
        life.marks.add(f"switched {name}")


def fault(life: Life, offset: int, faults: Sequence[str]) -> None:
    """Plan what a write to come meets, and what its repeats meet."""
    life.world.wire.plan[len(life.world.wire.writes) + offset] = list(faults)
    if "late" in faults:
        life.marks.add("late")


def question(life: Life, nth: int, kind: str) -> None:
    """Plan what a question to come meets."""
    life.world.faults.at("GET", "*", nth, kind)


def dies(life: Life, commits: int) -> None:
    """Let the process die after so many commits to its database."""
    life.world.dies_at_commit = life.world.commits + commits


def down(life: Life, kind: str, runs: int) -> None:
    """Let PowerOffice be away for so many runs."""
    life.world.wire.down = kind
    life.lasts["down"] = runs
    life.tally["faults"] += 1


def shop_trouble(life: Life, kind: str, runs: int) -> None:
    """Let the shop, or the host it is on, answer nonsense for so many runs."""
    bad = life.world.shop.misbehaviour
    if kind == "503":
        bad.failures = [(503, {})] * 3
    else:
        setattr(bad, kind, True)
    life.lasts["shop"] = runs
    life.tally["faults"] += 1


def full(life: Life, commits: int) -> None:
    """Let the disk be full in the next run, after so many commits."""
    life.world.full_from_commit = life.world.commits + commits
    life.tally["faults"] += 1


def lose_state(life: Life) -> None:
    """Delete the state database."""
    life.world.put_back({})
    _state_is_another(life)


def keep_copy(life: Life) -> None:
    """Back the state database up."""
    if life.world.state.exists():
        life.copy = life.world._files()


def restore_copy(life: Life) -> None:
    """Put the backup back."""
    if life.copy is None:
        return
    life.world.put_back(life.copy)
    _state_is_another(life)


def _state_is_another(life: Life) -> None:
    life.tally["databases lost"] += 1
    life.marks.add("database lost")
    for story in life.stories.values():
        story.marks.add("database lost")


def all_is_well(life: Life) -> None:
    """End every mishap, give every privilege back, and let what is on its way arrive."""
    world = life.world
    life.lasts = dict.fromkeys(("down", "shop"), 1)
    _it_passes(life)
    life.tally["faults"] += _met(life)
    world.faults.planned.clear()
    world.dies_at_commit, world.wire.plan = 0, {}
    world.faults.may_send, world.faults.send_result = True, "ok"
    world.faults.privileges |= set(PRIVILEGES.values())
    world.wire.late_ones_arrive()


def _met(life: Life) -> int:
    """Return how many of the planned faults of writes and questions were met."""
    wire = life.world.wire
    met = sum(one.done for one in life.world.faults.planned if one.method == "GET")
    for n, planned in wire.plan.items():
        if n < len(wire.writes):
            same = [again for again in wire.writes[n:] if again.what == wire.writes[n].what]
            met += min(len(same), len(planned))
    return met


def until_quiet(life: Life) -> None:
    """Run as cron does for some hours, and let a person try again what is held."""
    for _ in range(2):  # what is planned may still be met
        run(life)
        wait(life, 70)
    all_is_well(life)
    for _ in range(3):
        wait(life, 3700)  # what waits for a privilege is looked at once an hour
        run(life)
        wait(life, 400)
        life.world.settle(at_most=16)
        retry(life)
    life.world.settle(at_most=16)


ACTS: dict[str, Callable[..., None]] = {
    act.__name__: act for act in (
        run, run_limited, run_one, retry, wait, switch, fault, question, dies, down, shop_trouble,
        full, lose_state, keep_copy, restore_copy,
    )
}  # fmt: skip
