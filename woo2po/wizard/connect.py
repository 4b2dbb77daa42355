"""The first questions: the shop, PowerOffice, the keys of both, and from which day on."""

import calendar
import re
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.wizard.address import is_local, keys_page, tidied
from woo2po.wizard.asking import yes_or_no
from woo2po.wizard.fields import checked
from woo2po.wizard.kinds import Choice, OneOf, Text, Wrong
from woo2po.wizard.privileges import lacking_rights, names_of
from woo2po.wizard.state import DEMO_PATHS, SANDBOX, Question, Secret, State, Step

PRODUCTION = "production"
_SANDBOX_KEYS = {
    "application_key": "app-sandbox",
    "client_key": "client-sandbox",
    "subscription_key": "subscription-sandbox",
}
_SANDBOX_AT = "http://127.0.0.1:8082"


def _url(state: State) -> Question:
    kind = Text(tidied, state.before("woocommerce.url"))
    return Question(
        "woocommerce.url",
        state.say("init_url"),
        kind,
        (state.say("init_url_said"),),
        state.say("init_url_more"),
        heading=state.say("init_heading_shop"),
    )


def _secret(state: State, path: str, starts: str = "") -> Text:
    def check(value: Any) -> Secret:
        given = value if isinstance(value, Secret) else Secret(str(value).strip())
        plain = given.value
        if not plain or not plain.isascii() or not plain.isprintable() or " " in plain:
            raise Wrong("init_no_key")
        if starts and not plain.startswith(starts):
            raise Wrong("init_other_key", starts=starts)
        # Typed again as it was, it stays in the file that it has.
        return before if before is not None and plain == before.value else given

    before: Secret | None = state.before(path)
    return Text(check, before, shown=before.masked if before else "")


def _open_page(state: State) -> Question:
    kind = yes_or_no(state, "init.open_page", "", "", default=True)
    return Question("init.open_page", state.say("init_open_page"), kind)


def _consumer_key(state: State) -> Question:
    page = keys_page(state.value("woocommerce.url"))
    said = [state.say("init_key_said"), page, state.say("init_key_boxes")]
    if is_local(page):
        said.append(state.say("init_sandbox_key", key="ck_sandbox"))
    return Question(
        "woocommerce.consumer_key",
        state.say("init_consumer_key"),
        _secret(state, "woocommerce.consumer_key", "ck_"),
        tuple(said),
        state.say("init_key_more"),
    )


def _consumer_secret(state: State) -> Question:
    said = [state.say("init_secret_said")]
    if is_local(state.value("woocommerce.url")):
        said.append(state.say("init_sandbox_key", key="cs_sandbox"))
    return Question(
        "woocommerce.consumer_secret",
        state.say("init_consumer_secret"),
        _secret(state, "woocommerce.consumer_secret", "cs_"),
        tuple(said),
        state.say("init_key_more"),
    )


def _environment(state: State) -> Question:
    choices = [
        Choice(PRODUCTION, PRODUCTION, state.say("init_production")),
        Choice("demo", "demo", state.say("init_demo")),
    ]
    if is_local(state.value("woocommerce.url")):
        choices.append(Choice(SANDBOX, SANDBOX, state.say("init_sandbox")))
    before = state.before("poweroffice.environment", SANDBOX if not state.existing else PRODUCTION)
    if is_local(str(state.existing.get("poweroffice.base_url", ""))):
        before = state.answered.taken_back.get("poweroffice.environment", SANDBOX)
    known = {choice.value for choice in choices}
    default = before if before in known else PRODUCTION
    return Question(
        "poweroffice.environment",
        state.say("init_environment"),
        OneOf(tuple(choices), default),
        more=state.say("init_environment_more"),
        heading=state.say("init_heading_poweroffice"),
    )


def _sandbox_address(state: State) -> Question:
    there = str(state.existing.get("poweroffice.base_url", _SANDBOX_AT))
    default = str(state.before("init.sandbox", there.removesuffix(DEMO_PATHS[0])))
    kind = Text(_local_address, default if is_local(default) else _SANDBOX_AT)
    return Question("init.sandbox", state.say("init_sandbox_address"), kind)


def _local_address(typed: Any) -> str:
    url = tidied(str(typed).removesuffix(DEMO_PATHS[0]))
    if not is_local(url):
        raise Wrong("init_not_local", text=str(typed))
    return url


def _is_sandbox(state: State) -> bool:
    return bool(state.answered.given.get("poweroffice.environment") == SANDBOX)


def _key(name: str, code: str) -> Step:
    path = f"poweroffice.{name}"

    def ask(state: State) -> Question:
        kind = _secret(state, path)
        said = (_where(name, state),)
        return Question(path, state.say(code), kind, said, state.say("init_poweroffice_more"))

    return Step(path, ask)


def _where(name: str, state: State) -> str:
    """Return where a key is found; in the sandbox they are printed beside its address."""
    if _is_sandbox(state):
        return state.say("init_sandbox_key", key=_SANDBOX_KEYS[name])
    match name:
        case "application_key":
            return state.say("init_application_said")
        case "client_key":
            return state.say("init_client_said")
        case _:
            return state.say("init_subscription_said")


def _company(state: State) -> Question:
    name = state.books.client_name if state.books else ""
    kind = yes_or_no(state, "init.right_company", "", "", default=True)
    return Question("init.right_company", state.say("init_company", name=name), kind)


def _about_rights(state: State) -> list[str]:
    missing = [right for right in lacking_rights(state) if not right.waits]
    if not missing or not state.value("init.right_company"):
        return []
    return [state.say("init_rights_lacking", rights=names_of(missing))]


# -- from which day on -----------------------------------------------------------------------------


def _orders_from(state: State) -> Question:
    days = {
        "init_from_today": state.today,
        "init_from_week": state.today - timedelta(days=7),
        "init_from_month": state.today.replace(day=1),
        "init_from_last_month": (state.today.replace(day=1) - timedelta(days=1)).replace(day=1),
    }
    choices: dict[date, Choice] = {}
    for code, day in days.items():
        text = state.say(code, n=_since(day, state))
        choices.setdefault(day, Choice(day, day.isoformat(), text))
    return Question(
        "woocommerce.orders_from",
        state.say("init_orders_from"),
        OneOf(tuple(choices.values()), state.before("woocommerce.orders_from", state.today), _day),
        (state.say("init_orders_from_said"),),
        state.say("init_orders_from_more"),
        heading=state.say("init_heading_answers"),
    )


def _since(day: date, state: State) -> str:
    """Return how many orders there are since a day, with a + where older ones were not read."""
    orders = state.shop.orders if state.shop else ()
    zone = ZoneInfo(str(state.value("woocommerce.timezone")))
    n = sum(order.date_created_gmt.astimezone(zone).date() >= day for order in orders)
    return f"{n}+" if n and n == len(orders) else str(n)


def _day(typed: Any) -> date:
    """Read a day: 2026-11-01, or 1.11.2026 as people write it here. Raises Wrong."""
    if isinstance(typed, date):
        return typed
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", str(typed).strip())
    found_here = re.fullmatch(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})", str(typed).strip())
    parts = found.groups() if found else found_here.groups()[::-1] if found_here else ()
    try:
        year, month, day = map(int, parts)
        if not 1 <= day <= calendar.monthrange(year, month)[1]:
            raise Wrong("init_no_day", text=str(typed))
        day_meant: date = checked("woocommerce.orders_from", date(year, month, day))
    except ValueError:
        raise Wrong("init_no_day", text=str(typed)) from None
    return day_meant


CONNECT = (
    Step("woocommerce.url", _url),
    Step("init.open_page", _open_page, lambda state: state.has_display),
    Step("woocommerce.consumer_key", _consumer_key),
    Step("woocommerce.consumer_secret", _consumer_secret),
    Step("poweroffice.environment", _environment),
    Step("init.sandbox", _sandbox_address, _is_sandbox),
    _key("application_key", "init_application_key"),
    _key("client_key", "init_client_key"),
    _key("subscription_key", "init_subscription_key"),
    Step("init.right_company", _company, notes=_about_rights),
    Step("woocommerce.orders_from", _orders_from),
)
