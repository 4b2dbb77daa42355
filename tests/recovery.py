"""What it takes to go on after a kill: the questions for writes in doubt, and their repeats."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from days import Act, findings_after, lived, world_of_invoices
from stories import Story, sells, status_is
from world import SETTLE_AFTER, Killed, World

from woo2po.transfer import orders as spine

LOOKING = ("settle", "settle_vouchers", "look_once", "watch")
SINGLE = "/Complete"  # of a draft by its id
EIGHT = range(101, 109)  # as many as are under way side by side


@dataclass
class Recovery:
    """A kill and the run that went on: writes `in_doubt`; to find out what became of them,
    `lists` that were read for all of them together, and questions about `single` ones; how often
    the most repeated write was repeated; what was still wrong after that one run.
    """

    what: str
    in_doubt: int
    lists: int
    single: int
    repeats: int
    wrong: list[str]


# Eight customers buy side by side; eight invoices are asked for, and eight drafts deleted.
BUY: Story = tuple(sells(n, email=f"{n}@kunde.example") for n in EIGHT)
COMPLETED: dict[str, Story] = {"buy": BUY, "are completed": (status_is("completed", *EIGHT),)}
OFF: dict[str, Story] = {"buy": BUY, "are off": (status_is("cancelled", *EIGHT),)}


def days_of_eight(folders: Iterator[Path]) -> list[Act]:
    """Live days on which eight writes of a kind are on their way at once."""
    invoiced, off = (
        lived(day, world_of_invoices(next(folders)), folders) for day in (COMPLETED, OFF)
    )
    return [*invoiced, off[1]]


def recoveries(
    acts: Sequence[Act], folders: Iterator[Path], *, every: int = 1
) -> Iterator[Recovery]:
    """Kill each act at each (or every so many) of its writes; go on once, `settle_after` later.

    Answers take so long that other writes are on their way too.
    """
    for act in acts:
        for n in range(0, len(act.writes), every):
            world = act.before.twin(next(folders))
            act.happens(world)
            world.faults.latency = 1.0
            world.wire.plan = {n: ["killed_after"]}
            try:
                world.run()
            except Killed:
                yield _recovered(act, n, world)


def _recovered(act: Act, n: int, world: World) -> Recovery:
    with world.store() as store:
        in_doubt = len(store.open_writes())
    world.faults.latency = 0
    patience = world.settings.poweroffice.resend_after if act.sends else SETTLE_AFTER
    world.wait(patience + 1)
    with ExitStack() as stack:
        asked = Questions(world)
        for name in LOOKING:
            counting = asked.counting(getattr(spine, name))
            stack.enter_context(mock.patch.object(spine, name, counting))
        world.run()
    sent = Counter(write.what for write in world.wire.writes)
    wrong = findings_after(act, world).all
    single = sum(SINGLE in one or "sentState" in one for one in asked.those)
    lists = len(asked.those) - single
    return Recovery(f"{act.name} {n}", in_doubt, lists, single, max(sent.values()) - 1, wrong)


@dataclass
class Questions:
    """Counts what is asked of PowerOffice before anything is written."""

    world: World
    those: list[str] = field(default_factory=list)

    def counting(self, look: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """Return the same function, counting its questions."""
        return partial(self._counted, look, len(self.world.wire.writes))

    async def _counted(
        self, look: Callable[..., Awaitable[Any]], writes: int, *args: Any, **named: Any
    ) -> Any:
        first = len(self.world.asked())
        done = await look(*args, **named)
        if len(self.world.wire.writes) == writes:
            self.those += self.world.asked()[first:]
        return done
