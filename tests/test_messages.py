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
from woo2po.messages.many import MANY
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
from woo2po.messages.terms import AMOUNTS
from woo2po.messages.usage import USAGE
from woo2po.messages.wizard import WIZARD, WIZARD_TALK
from woo2po.messages.wizard_beyond import BEYOND_TALK
from woo2po.messages.wizard_connect import CONNECT_TALK
from woo2po.messages.wizard_thirteen import THIRTEEN_TALK

PACKAGE = Path(messages.__file__).parents[1]
TABLES = (COMMANDS, FOLLOWS, HOLDS, MANY, POWEROFFICE, PUSH, RECONCILE, RECONCILE_TEXTS)
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
        - MANY.keys()
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


# -- amounts ---------------------------------------------------------------------------------------

# What makes an amount a fact's text, by its name in the program.
TO_TEXT = {"amounts", "kroner", "_amount", "_amounts", "_with_currency"}
# Facts of the shop's, of PowerOffice's or of a person's that look like an amount now and then.
NO_AMOUNTS = {"account", "code", "day", "id", "invoice", "key", "limit", "line", "n", "name"}
NO_AMOUNTS |= {"number", "numbers", "option", "order", "otherwise", "path", "rate", "reference"}
NO_AMOUNTS |= {"sku", "text", "typed", "value", "version"}

UNSAID = {"draft"}  # of a pair of the proof, for programs; sentences say a draft's number so


def amounts_made():
    """Return the names of facts whose text is made of an amount, as the program spells them."""
    found = set()
    for _, tree in program():
        for node in ast.walk(tree):
            pairs = []
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
            elif isinstance(node, ast.Call):
                pairs = [(ast.Constant(word.arg), word.value) for word in node.keywords]
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
                pairs = [(node.targets[0].slice, node.value)]
            found |= {name.value for name, value in pairs
                      if isinstance(name, ast.Constant) and is_amount(value)}  # fmt: skip
    return found & {name for code in CODES for text in texts(code) for name in facts_of(text)}


def is_amount(node):
    """Tell whether an expression is the text of an amount, or may be."""
    if isinstance(node, ast.IfExp):
        return is_amount(node.body)
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", getattr(node.func, "attr", "")) in TO_TEXT
    return isinstance(node, ast.JoinedStr) and ast.unparse(node).endswith((":.2f}'", ':.2f}"'))


def test_every_fact_that_is_an_amount_is_known_as_one():
    """Wherever the program makes a fact of an amount, the fact's name is among the amounts'."""
    made = amounts_made()
    assert made - AMOUNTS - UNSAID == set()
    assert len(made) > 15, "the search finds too few"


def test_a_name_of_an_amount_is_a_fact_of_some_sentence():
    """None stands there for nothing, and none that may be an order's number or a setting."""
    said = {name for code in CODES for text in texts(code) for name in facts_of(text)}
    assert said >= AMOUNTS
    assert not AMOUNTS & NO_AMOUNTS


@pytest.mark.parametrize("code", CODES)
def test_only_amounts_have_the_comma_of_norwegian(code):
    """An order 1234.50 keeps its number in both languages, and an amount its point in English."""
    nb = f"{MESSAGES[code].nb} {MESSAGES[code].nb_remedy}"
    for name in sorted({name for text in texts(code) for name in facts_of(text)}):
        in_english, in_norwegian = (
            f"{say(code, language, {name: '1234.50'})} {remedy(code, language, {name: '1234.50'})}"
            for language in ("en", "nb")
        )
        assert "1234.50" in in_english, name
        if name in AMOUNTS:
            assert "1234.50" not in in_norwegian, name
        elif f"{{{name}}} %" not in nb:
            assert "1234.50" in in_norwegian, name
            assert "1234,50" not in in_norwegian, name


@pytest.mark.parametrize(
    ("fact", "said_"),
    [
        ("0.50", "0,50"),
        ("-1298.00", "-1\xa0298,00"),
        ("1\xa0398.00", "1\xa0398,00"),
        ("1234567.891234", "1\xa0234\xa0567,891234"),
        ("1398.00 EUR", "1\xa0398,00 EUR"),
        ("12.50 / 12.51", "12,50 / 12,51"),
        ("1398", "1398"),
        ("?", "?"),
        ("shop_10.25", "shop_10.25"),
    ],
)
def test_an_amount_as_norwegian_writes_it(fact, said_):
    """A comma, and a no-break space between thousands; what is no figure stays."""
    assert say("no_lines", "nb", {"total": fact}).endswith(f" {said_}.")
    assert say("no_lines", "en", {"total": fact}).endswith(f" {fact}.")


def test_a_rate_has_its_comma_where_it_is_read_and_its_point_where_it_is_typed():
    """A key of the configuration is typed as TOML has it."""
    facts = {"rate": "12.5", "key": "fees.product_by_rate", "has": "12.5 % (3000)", "line": "1.50"}
    said = say("no_product_for_rate", "nb", facts)
    assert "1.50 (" in said
    assert "med 12,5 % mva." in said
    assert "12,5 % (3000)" in said
    assert '{ "12.5" = "..." }' in remedy("no_product_for_rate", "nb", facts)
    assert "12.5 % VAT" in say("no_product_for_rate", "en", facts)


def test_a_message_with_a_missing_fact_is_still_said():
    """A fact that is not there is a question mark, never a crash on the way to a person."""
    assert say("no_such_order", "en", {}) == "The shop has no order ?."


def test_an_unknown_code_is_a_defect():
    """It is told as one, at once."""
    with pytest.raises(KeyError):
        say("no_such_code", "en")
