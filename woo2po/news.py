"""What is said once: orders that are newly held, a run that fails, and one that works again.

What was said stands beside the state database (`woo2po.db.told`: ids and codes), so that a
database which cannot be opened is no reason to say it every five minutes. Whoever is named in
`monitoring.notify` hears it through apprise, without names, and without amounts unless those are
asked for; who heard nothing hears it after the next run.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from woo2po.config import Settings
from woo2po.files import NotWritten, write_whole
from woo2po.holds import Hold
from woo2po.messages import say, say_both
from woo2po.money import Fact
from woo2po.record import RunOutcome
from woo2po.report import told_of
from woo2po.run import FACTS_TO_TELL
from woo2po.status import FAILED, OrderStatus, by_code, held_orders, said_once, some_numbers
from woo2po.stopping import TOLD_TO_STOP
from woo2po.store.database import StateError

UNSAID = frozenset({"another_run", TOLD_TO_STOP})  # neither says how the job is

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class News:
    """What has not been said yet; `known` is all that is so now, and will have been said then."""

    held: tuple[OrderStatus, ...] = ()
    problem: str = ""
    facts: Mapping[str, Fact] | None = None
    works_again: bool = False
    warnings: Mapping[str, Mapping[str, str]] | None = None
    known: str = ""

    def __bool__(self) -> bool:
        return bool(self.held or self.problem or self.works_again or self.warnings)


def _beside(settings: Settings) -> Path:
    return Path(f"{settings.state.path}.told")


def news_of(settings: Settings, outcome: RunOutcome) -> News:
    """Return what a run has found that was not said after an earlier one."""
    if outcome.problem in UNSAID:
        return News()
    try:
        said = json.loads(_beside(settings).read_text("utf-8"))
    except (OSError, ValueError):
        said = {}
    held, problem = said.get("held", []), said.get("problem", "")
    fails = (outcome.problem or "orders_waiting") if outcome.exit_code in FAILED else ""
    new: list[OrderStatus] = []
    with suppress(StateError):  # then that is the problem
        held, new = held_orders(settings, held)
    now = {"problem": fails, "held": held, "warnings": sorted(outcome.warnings)}
    unsaid = {
        code: w for code, w in outcome.warnings.items() if code not in said.get("warnings", [])
    }
    return News(
        held=tuple(new),
        problem=fails if fails != problem else "",
        facts=outcome.facts or {"n": str(outcome.counts.get("waiting", 0))},
        works_again=bool(problem and not fails),
        warnings=unsaid,
        known="" if now == said else json.dumps(now),
    )


# -- whoever is to be told -------------------------------------------------------------------------


def notify(settings: Settings, news: News) -> int:
    """Tell everybody of `monitoring.notify`, and keep it as said; return how many heard nothing."""
    addresses = settings.monitoring.notify
    unheard = sum(not tell(settings, url, _text(settings, news)) for url in addresses if news)
    if news.known and (not news or unheard < len(addresses) or not addresses):
        try:
            write_whole(_beside(settings), news.known.encode(), 0o600)
        except NotWritten as error:
            log.warning("told_not_kept", why=error.facts["error"])
    return unheard


def tell(settings: Settings, address: str, text: str) -> bool:
    """Send a text to an apprise address, and tell whether that went well."""
    shop = urlsplit(settings.woocommerce.url)
    try:
        import apprise  # noqa: PLC0415 (the extra `notify`, and slow)

        to = apprise.Apprise()
        if to.add(address) and to.notify(title=f"woo2po {shop.netloc}{shop.path}", body=text):
            return True
        why = "refused"
    except Exception as error:  # noqa: BLE001 (no trouble with a message is trouble of the run)
        why = type(error).__name__
    log.warning("notify_failed", why=why)  # without the address, which is a secret
    return False


def _text(settings: Settings, news: News) -> str:
    language, with_amounts = settings.language, settings.monitoring.notify_amounts
    parts = [say("works_again", language)] if news.works_again else []
    if news.problem:  # the other side's words may name a customer
        safe = {name: f if name in FACTS_TO_TELL else "…" for name, f in (news.facts or {}).items()}
        parts.append(say_both(news.problem, language, safe))
    parts += [say_both(code, language, facts) for code, facts in (news.warnings or {}).items()]
    held = []
    for one in news.held:
        facts = {name: "…" if isinstance(fact, Decimal) and not with_amounts else fact
                 for name, fact in one.facts.items()}  # fmt: skip
        said, what_to_do = told_of(Hold(one.code, facts), language, one.number)
        held.append(replace(one, facts=facts, reason=said, remedy=what_to_do))
    for group in by_code(held):
        said, what_to_do = said_once(group, language)
        parts.append(f"{some_numbers(group, language)}: {said}\n→ {what_to_do}")
    return "\n\n".join(parts)
