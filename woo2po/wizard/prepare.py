"""Before the first question: where the answers go, and whether what is there can be used."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.files import NotWritten
from woo2po.messages import say, say_both
from woo2po.messages.message import Language
from woo2po.settings import Settings, WrongSettings, unknown_in_environment
from woo2po.settings.problems import toml
from woo2po.wizard.asking import yes_or_no
from woo2po.wizard.dialogue import Dialogue, End, asked_alone
from woo2po.wizard.fields import default_of
from woo2po.wizard.files import try_writing
from woo2po.wizard.kinds import Choice, OneOf
from woo2po.wizard.start import Existing, existing_at, fixed_values, judged, script_at
from woo2po.wizard.state import Question, State
from woo2po.wizard.typed import CONFIG_NAME

_OF_INIT = frozenset({"init.start_anew", "init.take_out", "init.preview"})


@dataclass(frozen=True)
class Call:
    """How `init` was called. `config` is the path that was given; `users` the other usual one."""

    config: str | None
    users: Path
    answers: Path | None
    language: Language | None
    here: Language
    clock: Callable[[], datetime]
    load: Callable[[Path, Language], Settings]

    @property
    def spoken(self) -> Language:
        """The language as long as no configuration says another."""
        return self.language or self.here


def script_of(call: Call, asked: frozenset[str]) -> dict[str, Any] | None:
    """Return the answers of a file, or None where a person answers. Raises End (2)."""
    if call.answers is None:
        return None
    try:
        script = script_at(call.answers)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        facts = {"path": str(call.answers), "why": _why(error)}
        raise End(2, say_both("init_answers_unreadable", call.spoken, facts)) from None
    words = [p for p in script if p.startswith("init.") and p not in asked | _OF_INIT]
    rest = {p: v for p, v in script.items() if not p.startswith("init.") and p not in asked}
    _, wrong = judged(rest, call.spoken)
    for path, why in {**dict.fromkeys(words, ""), **wrong}.items():
        facts = {"file": str(call.answers), "key": path, "value": toml(script[path])[:100]}
        code = "init_answer_refused" if why else "init_answer_unknown"
        raise End(2, say_both(code, call.spoken, {**facts, "why": why}))
    return script


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error)


def place_of(call: Call, dialogue: Dialogue, script: Mapping[str, Any] | None) -> Path:
    """Return where the answers go: as given, else here, else where the user keeps one already."""
    if call.config:
        return Path(call.config).expanduser().absolute()
    here = Path.cwd() / CONFIG_NAME
    if here.exists() or not call.users.exists() or script is not None:
        return here
    language = call.spoken
    choices = (
        Choice(call.users, str(call.users), say("init_place_users", language)),
        Choice(here, str(here), say("init_place_here", language)),
    )
    question = Question("init.place", say("init_place", language), OneOf(choices, call.users))
    chosen = asked_alone(dialogue, question, say("init_first_question", language))
    return call.users if chosen == call.users else here


def what_is_there(path: Path, language: Language) -> Existing:
    """Return the configuration at a path. Raises End (2) where it can't be read or written."""
    try:
        found = existing_at(path, language)
        try_writing(path)
    except OSError as error:
        facts = {"path": str(path), "why": error.strerror or type(error).__name__}
        raise End(2, say_both("init_cannot_write", language, facts)) from None
    except NotWritten as error:
        facts = {"path": str(path), "why": error.facts["error"]}
        raise End(2, say_both("init_cannot_write", language, facts)) from None
    return found


def state_of(
    call: Call, existing: Existing, script: Mapping[str, Any] | None, *, has_display: bool
) -> State:
    """Return what is known before the first question. Raises End (2) for a wrong environment."""
    try:
        fixed = fixed_values(call.spoken)
    except WrongSettings as error:
        lines = [f"{problem.key}: {problem.expected}" for problem in error.problems]
        raise End(2, "\n".join([say("wrong_settings", call.spoken), *lines])) from None
    language = _language(call, {**existing.values, **(script or {}), **fixed})
    # What is wrong in a file of answers is said where it is asked for, or at the end.
    answers = {p: v for p, v in (script or {}).items() if not p.startswith("init.")}
    given, _ = judged(answers, language)
    return State(
        language,
        _day_in_the_shop(call, {**existing.values, **given, **fixed}),
        existing={**existing.values, **given},
        fixed=fixed,
        script=script,
        decided={} if "language" in fixed else {"language": language},
        has_display=has_display,
    )


def _day_in_the_shop(call: Call, values: Mapping[str, Any]) -> date:
    zone = values.get("woocommerce.timezone", default_of("woocommerce.timezone"))
    return call.clock().astimezone(ZoneInfo(str(zone))).date()


def _language(call: Call, values: Mapping[str, Any]) -> Language:
    said = call.language or values.get("language") or call.here
    return "en" if said == "en" else "nb"


def greet(state: State, dialogue: Dialogue, path: Path, existing: Existing) -> None:
    """Say what is about to happen, and what of it is settled already."""
    if not state.scripted:
        dialogue.tell(state.say("init_hello") + "\n")
        dialogue.tell(state.say("init_how"))
        other = "en" if state.language == "nb" else "nb"
        command = f"woo2po init --language {other}"
        dialogue.tell(state.say("init_other_language", command=command) + "\n")
    place = "init_goes_to" if existing.text is None or existing.broken else "init_starts_from"
    dialogue.tell(state.say(place, path=path))
    if state.fixed:
        names = ", ".join(_variable(path) for path in state.fixed)
        dialogue.tell(state.say("init_environment_fixed", names=names))
    if strange := unknown_in_environment():
        dialogue.tell(state.say("init_environment_strange", names=", ".join(strange)))


def _variable(path: str) -> str:
    return f"WOO2PO_{path.replace('.', '__').upper()}"


def agree_on_what_is_there(
    state: State, dialogue: Dialogue, path: Path, existing: Existing, asked: frozenset[str]
) -> None:
    """Ask what is to become of a file that cannot be used as it is. Raises End (2) on a no."""
    if existing.broken:
        question = _start_anew(state, path, existing.broken)
    elif strange := {p: why for p, why in existing.wrong.items() if p not in asked}:
        question = _take_out(state, path, strange)
    else:
        return
    if not asked_alone(dialogue, question, state.say("init_first_question")):
        raise End(2, state.say("init_left_alone", path=path))


def _start_anew(state: State, path: Path, where: str) -> Question:
    title = state.say("init_broken", path=path)
    no, yes = state.say("init_anew_no"), state.say("init_anew_yes", path=path)
    default = None if state.scripted else False
    kind = yes_or_no(state, "init.start_anew", no, yes, default)
    return Question("init.start_anew", title, kind, (f"{path}: {where}",))


def _take_out(state: State, path: Path, wrong: Mapping[str, str]) -> Question:
    title = state.say("init_wrong_keys", path=path)
    said = tuple(f" {key}: {why}" for key, why in wrong.items())
    no, yes = state.say("init_take_out_no"), state.say("init_take_out_yes", path=path)
    default = None if state.scripted else True
    kind = yes_or_no(state, "init.take_out", no, yes, default)
    return Question("init.take_out", title, kind, said)
