"""What is known while the questions are asked: answers so far, and what both systems have."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from woo2po.catalogue import Catalogue, Product
from woo2po.mapping.eligible import eligible
from woo2po.messages import say
from woo2po.messages.message import Language
from woo2po.order import Order
from woo2po.settings import Settings
from woo2po.survey.books import BooksSurvey
from woo2po.survey.needs import Need, Role, needs_of
from woo2po.survey.shop import ShopSurvey
from woo2po.wizard.address import is_local
from woo2po.wizard.fields import default_of, is_key, is_section
from woo2po.wizard.kinds import NONE, Kind

SANDBOX = "sandbox"  # a word of the dialogue alone: "demo" with addresses of this machine
DEMO_PATHS = ("/Demo/v2", "/Demo/OAuth/Token")
NOTHING_SOLD = Catalogue({}, {}, {})
SECRETS = (
    "woocommerce.consumer_key",
    "woocommerce.consumer_secret",
    "poweroffice.application_key",
    "poweroffice.client_key",
    "poweroffice.subscription_key",
)
_PLACEHOLDERS = dict.fromkeys(SECRETS, "-") | {
    "woocommerce.url": "https://shop.invalid",
    "woocommerce.orders_from": date(2000, 1, 1),
}


@dataclass(frozen=True, slots=True)
class Secret:
    """A key that nobody else may see, and the file that holds it, "" if none does yet."""

    value: str = field(repr=False)
    file: str = ""

    @property
    def masked(self) -> str:
        """Return it as it may be shown: enough to recognise it by."""
        head = self.value[:3] if self.value[:3] in {"ck_", "cs_"} else ""
        return f"{head}...{self.value[-4:]}" if len(self.value) > 12 else f"{head}..."


@dataclass(frozen=True)
class Question:
    """A question as it is asked: `said` are its explanations, a paragraph each, `more` for "?"."""

    path: str
    title: str
    kind: Kind
    said: tuple[str, ...] = ()
    more: str = ""
    heading: str = ""


@dataclass
class Answered:
    """The answers so far, in the order in which they were given, and those taken back."""

    given: dict[str, Any] = field(default_factory=dict)
    taken_back: dict[str, Any] = field(default_factory=dict)

    def take(self, path: str, value: Any) -> None:
        """Keep an answer."""
        self.given[path] = value

    def back(self) -> bool:
        """Take the last answer back; return False where there is none."""
        if not self.given:
            return False
        path, value = self.given.popitem()
        self.taken_back[path] = value
        return True

    def back_to(self, path: str) -> None:
        """Take answers back until the question of a path is open again."""
        while path in self.given:
            self.back()


@dataclass
class State:
    """Everything that a question may be made from. `path` names a key, or a word of [init].

    By path: `existing` is the configuration that is there already (with what a script adds to
    it), `fixed` what the environment says, `decided` what is not asked for, `script` what a file
    answers (None: a person does). `references` are those of recent documents in PowerOffice,
    each with its matching reference.
    """

    language: Language
    today: date
    existing: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    answered: Answered = field(default_factory=Answered)
    shop: ShopSurvey | None = None
    books: BooksSurvey | None = None
    references: tuple[tuple[str, str], ...] = ()
    decided: Mapping[str, Any] = field(default_factory=dict)
    script: Mapping[str, Any] | None = None
    has_display: bool = False
    tried: dict[str, tuple[object, ...] | None] = field(default_factory=dict)  # by a trial's name
    ranked: dict[Hashable, list[Product]] = field(default_factory=dict)  # what was reckoned once
    _needs: dict[str, list[Need]] = field(default_factory=dict)

    @property
    def scripted(self) -> bool:
        """Whether a file answers."""
        return self.script is not None

    # -- words ------------------------------------------------------------------------------------

    def say(self, code: str, /, **facts: object) -> str:
        """Return a sentence in the language of the dialogue."""
        return say(code, self.language, {name: str(fact) for name, fact in facts.items()})

    # -- values -----------------------------------------------------------------------------------

    def value(self, path: str) -> Any:
        """Return a value as it is by now: environment, answer, file, default."""
        for said in (self.fixed, self.answered.given, self.existing):
            if path in said:
                return said[path]
        return default_of(path) if is_key(path) else None

    def before(self, path: str, otherwise: Any = None) -> Any:
        """Return what Enter takes: an answer that was taken back, the file's, else another."""
        for said in (self.answered.taken_back, self.existing):
            if path in said:
                return said[path]
        return otherwise

    def is_open(self, path: str) -> bool:
        """Tell whether a question is neither answered nor settled by the environment."""
        return path not in self.answered.given and path not in self.fixed

    def values(self) -> dict[str, Any]:
        """Return the keys that file and answers give, by path, without words of [init]."""
        given = {path: v for path, v in self.answered.given.items() if is_key(path)}
        whole = {**self.existing, **self.decided, **given, **self._addresses()}
        without = self.without()
        return {path: value for path, value in whole.items() if path not in without}

    def without(self) -> frozenset[str]:
        """Return the keys of the file that no longer hold.

        Those that were answered with none, and addresses of another environment.
        """
        given = self.answered.given
        none = frozenset(path for path, value in given.items() if value == NONE and is_key(path))
        environment = given.get("poweroffice.environment")
        if environment in {None, SANDBOX}:
            return none
        was = self.existing.get("poweroffice.environment", "production")
        local = is_local(str(self.existing.get("poweroffice.base_url", "")))
        gone = {"poweroffice.base_url", "poweroffice.token_url"} - (self.script or {}).keys()
        return none | frozenset(gone if local or environment != was else ())

    def _addresses(self) -> dict[str, Any]:
        """Return environment and addresses where it is the sandbox."""
        given = self.answered.given
        if given.get("poweroffice.environment") != SANDBOX:
            return {}
        at = given.get("init.sandbox", "")
        base, token = DEMO_PATHS
        addresses = {"poweroffice.base_url": at + base, "poweroffice.token_url": at + token}
        return {"poweroffice.environment": "demo", **(addresses if at else {})}

    def settings(self, **changes: Any) -> Settings:
        """Return the settings so far; `changes` are keys with __ for the dot.

        What is not known yet is filled in: for the mapping, never for a connection.
        """
        changed = {name.replace("__", ".", 1): value for name, value in changes.items()}
        flat = {**_PLACEHOLDERS, **self.values(), **changed}
        return Settings(**nested(flat))

    # -- what is needed ---------------------------------------------------------------------------

    @property
    def catalogue(self) -> Catalogue:
        """What the company has; nothing before its keys are known."""
        return self.books.catalogue if self.books else NOTHING_SOLD

    def orders(self, settings: Settings) -> tuple[Order, ...]:
        """Return the newest orders that these settings would transfer, whatever their day."""
        all_orders = self.shop.orders if self.shop else ()
        ever = settings.woocommerce.model_copy(update={"orders_from": date.min})
        of_any_day = settings.model_copy(update={"woocommerce": ever})
        return tuple(o for o in all_orders if eligible(o, of_any_day)) or all_orders

    def forget(self) -> None:
        """Forget what was reckoned from what has now been read anew."""
        self.ranked.clear()
        self._needs.clear()

    def needs(self, role: Role, *, every_sku: bool = False) -> list[Need]:
        """Return what the orders need for a role. `every_sku`: goods, known or not."""
        settings = self.settings()
        catalogue = NOTHING_SOLD if every_sku else self.catalogue
        name = f"{settings.digest()} {every_sku}"
        if name not in self._needs:
            self._needs[name] = needs_of(self.orders(settings), settings, catalogue)
        return [need for need in self._needs[name] if need.role is role]


def always(_: State) -> bool:
    """Tell that a question is always asked."""
    return True


@dataclass(frozen=True)
class Step:
    """A question of the course: when it is asked, how, and what is said after it."""

    path: str
    ask: Callable[[State], Question]
    applies: Callable[[State], bool] = always
    notes: Callable[[State], list[str]] = lambda _: []


def next_step(course: tuple[Step, ...], state: State) -> Step | None:
    """Return the first question that is open and applies, or None where all are answered."""
    for step in course:
        if state.is_open(step.path) and step.applies(state):
            return step
    return None


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return keys by path as sections; secrets as they are."""
    whole: dict[str, Any] = {}
    for path, value in flat.items():
        section, _, name = path.rpartition(".")
        plain = value.value if isinstance(value, Secret) else value
        (whole.setdefault(section, {}) if section else whole)[name] = plain
    return whole


def flat(whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return sections as keys by path."""
    found: dict[str, Any] = {}
    for name, value in whole.items():
        if isinstance(value, Mapping) and is_section(name):
            found |= {f"{name}.{key}": one for key, one in value.items()}
        else:
            found[name] = value
    return found
