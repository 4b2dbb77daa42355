"""Everything that is said to people: in both languages, with a remedy, and about nobody."""

import ast
import string
from pathlib import Path

import pytest

from woo2po import messages
from woo2po.messages import MESSAGES, remedy, say
from woo2po.messages.check import CHECK
from woo2po.messages.check_books import CHECK_BOOKS
from woo2po.messages.check_screen import CHECK_TEXTS
from woo2po.messages.commands import COMMANDS
from woo2po.messages.follows import FOLLOWS
from woo2po.messages.holds import HOLDS
from woo2po.messages.poweroffice import POWEROFFICE
from woo2po.messages.preview import PREVIEW, PREVIEW_TEXTS
from woo2po.messages.probe import PROBE
from woo2po.messages.probe_screen import PROBE_TEXTS
from woo2po.messages.push import PUSH
from woo2po.messages.reconcile import RECONCILE, RECONCILE_TEXTS
from woo2po.messages.sandbox import SANDBOX
from woo2po.messages.screens import SCREENS
from woo2po.messages.settings import SETTINGS
from woo2po.messages.shop import SHOP
from woo2po.messages.status import STATUS
from woo2po.messages.usage import USAGE
from woo2po.messages.wizard import WIZARD, WIZARD_TALK
from woo2po.messages.wizard_beyond import BEYOND_TALK
from woo2po.messages.wizard_connect import CONNECT_TALK
from woo2po.messages.wizard_thirteen import THIRTEEN_TALK

PACKAGE = Path(messages.__file__).parents[1]
TABLES = (COMMANDS, FOLLOWS, HOLDS, POWEROFFICE, PUSH, RECONCILE, RECONCILE_TEXTS)
TABLES += (PREVIEW, PREVIEW_TEXTS, SANDBOX, SCREENS, SETTINGS, SHOP, STATUS, USAGE)
TABLES += (CHECK, CHECK_BOOKS, CHECK_TEXTS, PROBE, PROBE_TEXTS)
TABLES += (WIZARD,)
# What is said in a dialogue: questions, explanations, answers.
TALK = (WIZARD_TALK, CONNECT_TALK, THIRTEEN_TALK, BEYOND_TALK)
TABLES += TALK

# What a table of reasons has, and leaves nothing to do.
NOTHING_TO_DO = {
    "test_order",
    "vendor_suborder",
    "line_divided",
    "gift_card_inferred",
    "by_hand",
    "refund_not_made",
    "refund_of_cancelled",
    "init_not_loaded",  # what follows it says that
}
# Facts that would name a person, or say where one lives.
PERSONAL = {"address", "city", "company", "customer", "email", "person", "phone", "street"}
PERSONAL |= {"first_name", "last_name", "recipient", "zip_code"}
CODES = sorted(MESSAGES)


def facts_of(sentence):
    """Return the names of the facts that a sentence is filled with."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def texts(code):
    message = MESSAGES[code]
    return message.en, message.en_remedy, message.nb, message.nb_remedy


@pytest.fixture(scope="module")
def said_in_code():
    """Every text constant in the program, apart from the messages themselves."""
    trees = [tree for file, tree in program() if file.parent.name != "messages"]
    constants = (
        node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)
    )
    return {node.value for node in constants if isinstance(node.value, str)}


def program():
    """Yield every file of the program with its syntax tree, the sandbox apart."""
    for file in PACKAGE.rglob("*.py"):
        if file.parent.name != "sandbox":
            yield file, ast.parse(file.read_text("utf-8"))


def codes_raised():
    """Return the texts that stand where a code of a message belongs."""
    places = {"Wrong": 0, "Hold": 0, "Skip": 0, "Note": 0, "hold": 0, "say": 0, "say_both": 0,
              "remedy": 0, "StateError": 0, "WrongNumber": 0, "NotSo": 0, "CannotLogIn": 1,
              "NeverLeft": 1, "NoAnswer": 1, "NotUnderstood": 1}  # fmt: skip
    found = set()
    for _, tree in program():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                place = places.get(name, len(node.args))
                code = node.args[place] if place < len(node.args) else None
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    found.add(code.value)
    return found


def test_a_code_stands_in_one_table_only():
    """No message hides another of the same code."""
    assert sum(map(len, TABLES)) == len(MESSAGES)


def test_every_code_that_is_raised_has_its_message():
    """Whoever holds, skips, stops or tells something names a message that exists."""
    assert codes_raised() - set(MESSAGES) == set()
    assert len(codes_raised()) > 60, "the search for codes finds too few"


def test_every_message_is_used(said_in_code):
    """A message that nothing says is taken out; the transport puts the system's name in front."""
    systems = {f"{system}_{name}" for system in ("shop", "poweroffice") for name in said_in_code}
    assert set(MESSAGES) - said_in_code - systems == set()


@pytest.mark.parametrize("code", CODES)
def test_a_message_says_the_same_in_both_languages(code):
    """Sentence and remedy are filled in both, with the same facts, and are not the same text."""
    en, en_remedy, nb, nb_remedy = texts(code)
    assert en
    assert nb
    assert en != nb
    assert bool(en_remedy) == bool(nb_remedy)
    assert facts_of(en) == facts_of(nb)
    assert facts_of(en_remedy) == facts_of(nb_remedy)


@pytest.mark.parametrize(
    "code",
    sorted(
        MESSAGES.keys()
        - COMMANDS.keys()
        - PREVIEW.keys()
        - PREVIEW_TEXTS.keys()
        - RECONCILE_TEXTS.keys()
        - CHECK.keys()  # see test_check.py: what is fine has nothing to do
        - CHECK_BOOKS.keys()
        - CHECK_TEXTS.keys()
        - PROBE_TEXTS.keys()
        - SANDBOX.keys()
        - SCREENS.keys()
        - SETTINGS.keys()
        - STATUS.keys()
        - NOTHING_TO_DO
        - {code for table in TALK for code in table}
    ),
)
def test_a_reason_says_what_to_do(code):
    """Whatever holds an order or stops a run has a remedy."""
    assert MESSAGES[code].en_remedy


@pytest.mark.parametrize("code", CODES)
def test_a_message_names_nobody(code):
    """No fact of a sentence is a person's name, address, e-mail or telephone."""
    assert not PERSONAL & {name for text in texts(code) for name in facts_of(text)}


@pytest.mark.parametrize("code", CODES)
def test_a_message_reads_well(code):
    """No gaps, no doubled blanks or stops, no program's words."""
    for text in texts(code):
        assert text == text.strip()
        assert "  " not in text
        assert ".." not in text.replace("...", "")
        assert not {"None", "exception", "traceback"} & set(text.split())


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["en", "nb"])
def test_a_message_is_filled_with_its_facts(code, language):
    """What stands in braces is replaced, and every fact is in the text."""
    names = {name for text in texts(code) for name in facts_of(text)}
    facts = {name: f"<{name}>" for name in names}
    whole = f"{say(code, language, facts)} {remedy(code, language, facts)}"
    assert all(fact in whole for fact in facts.values())
    assert "{}" not in whole


def test_every_fact_of_a_sentence_is_given():
    """Where code names a message and its facts in one place, none is forgotten."""
    checked = 0
    for file, tree in program():
        for node in ast.walk(tree):
            given = facts_given(node)
            if given is not None and node.args[0].value in MESSAGES:
                wanted = {name for text in texts(node.args[0].value) for name in facts_of(text)}
                wanted -= {"order"}  # given by whoever shows it
                assert wanted <= given, f"{file.name}:{node.lineno} {node.args[0].value}"
                checked += 1
    assert checked > 30, "the search finds too few"


def facts_given(node):
    """Return the names of the facts in `hold("code", a=...)` or `Hold("code", {"a": ...})`."""
    if (
        not isinstance(node, ast.Call)
        or not node.args
        or not isinstance(node.args[0], ast.Constant)
    ):
        return None
    called = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if called in {"hold", "WrongNumber", "NotSo", "Wrong"}:
        names = {word.arg for word in node.keywords}
        return None if None in names else names
    if called not in {"Hold", "Skip", "Note"}:
        return None
    facts = node.args[1] if len(node.args) > 1 else ast.Dict([], [])
    if not isinstance(facts, ast.Dict) or None in facts.keys:
        return None
    return {key.value for key in facts.keys if isinstance(key, ast.Constant)}


def test_a_message_with_a_missing_fact_is_still_said():
    """A fact that is not there is a question mark, never a crash on the way to a person."""
    assert say("no_such_order", "en", {}) == "The shop has no order ?."


def test_an_unknown_code_is_a_defect():
    """It is told as one, at once."""
    with pytest.raises(KeyError):
        say("no_such_code", "en")
