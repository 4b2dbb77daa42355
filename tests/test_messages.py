"""Everything that is said to people: in both languages, with a remedy, and about nobody."""

import ast
import json
import re
import string
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from served import GOES, served

from woo2po import messages
from woo2po.cli import cli
from woo2po.holds import kept, remembered, texts_of
from woo2po.messages import AREAS, READERS, filled, load, remedies, remedy, say, whole_remedy
from woo2po.setup.rows import ROWS

PACKAGE = Path(messages.__file__).parents[1]
MESSAGES = {code: message for name in AREAS for code, message in load(name).items()}

# Areas of reasons to hold an order or to stop a run: whatever stands there has a remedy, but these.
REASONS = ("orders", "shop", "poweroffice")
NOTHING_TO_DO = {
    "test_order", "vendor_suborder", "paid_in_the_till", "made_in_the_till", "line_divided",
    "gift_card_inferred", "by_hand", "refund_not_made", "refund_of_cancelled",
}  # fmt: skip
# Facts that would name a person, or say where one lives.
PERSONAL = {"address", "city", "company", "customer", "email", "person", "phone", "street"}
PERSONAL |= {"first_name", "last_name", "recipient", "zip_code"}


def facts_of(sentence):
    """Return the names of the facts that a sentence is filled with."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def texts(code):
    """Return the sentence and the remedy of a code in English, then in Norwegian."""
    message = MESSAGES[code]
    remedies = [whole_remedy(message, language) for language in ("en", "nb")]
    return message["en"], remedies[0], message["nb"], remedies[1]


def all_facts_of(code):
    return {name for text in texts(code) for name in facts_of(text)}


@cache
def program():
    """Return every file of the program with its syntax tree, the sandbox apart."""
    files = [file for file in PACKAGE.rglob("*.py") if file.parent.name != "sandbox"]
    return [(file, ast.parse(file.read_text("utf-8"))) for file in files]


@cache
def nodes():
    """Return every node of the program with its file."""
    return [(file, node) for file, tree in program() for node in ast.walk(tree)]


def calls_of(*names):
    """Yield file, name and node of every call of something that is called so, or of anything."""
    for file, node in nodes():
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if not names or name in names:
                yield file, name, node


def text_of(node):
    """Return the text that a node is, or ""."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@cache
def said_in_code():
    """Return every text in the program and its pages, apart from the messages themselves."""
    templates = (file for kind in ("*.html", "*.txt") for file in PACKAGE.rglob(kind))
    pages = " ".join(file.read_text("utf-8") for file in templates)
    texts_said = {text_of(node) for file, node in nodes() if file.parent.name != "messages"}
    return texts_said | {*re.findall(r'"(\w+)"', pages)}


@cache
def codes_raised():
    """Return the texts that stand where a code of a message belongs."""
    places = {"Wrong": 0, "Hold": 0, "Skip": 0, "Note": 0, "hold": 0, "say": 0, "say_both": 0,
              "remedy": 0, "StateError": 0, "WrongNumber": 0, "NotSo": 0, "CannotLogIn": 1,
              "NeverLeft": 1, "NoAnswer": 1, "NotUnderstood": 1, "NotMoved": 0, "Unreadable": 0,
              "Unschedulable": 0, "UnknownNumber": 0}  # fmt: skip
    given = (node.args[places[name] :] for _, name, node in calls_of(*places))
    return {text_of(rest[0]) for rest in given if rest} - {""}


def test_a_code_stands_in_one_area_and_nothing_stands_beside_its_texts():
    """No message hides another of the same code; none has a key that nobody reads."""
    assert sum(len(load(name)) for name in AREAS) == len(MESSAGES)
    for code, message in MESSAGES.items():
        assert message.keys() <= {"en", "nb", *READERS}, code
        for reader in message.keys() - {"en", "nb"}:
            assert message[reader].keys() == {"en", "nb"}, code


def test_every_code_that_is_raised_has_its_message():
    """Whoever holds, skips, stops or tells something names a message that exists."""
    assert codes_raised() - set(MESSAGES) == set()
    assert len(codes_raised()) > 60, "the search for codes finds too few"


def test_every_message_and_every_word_is_used():
    """What nothing says is taken out; the transport puts the system's name in front, and
    some words are named by a state or a kind.
    """
    said = said_in_code()
    systems = {f"{system}_{name}" for system in ("shop", "poweroffice") for name in said}
    systems |= {f"check_{kind}_{n}" for kind in ("h", "ends", "order") for n in said}
    systems |= {f"reconcile_{name}" for name in said}
    rows = {name.rpartition(".")[2] for name in said}  # what `init` asks, by a key's name
    systems |= {f"init_{kind}_{name}" for kind in ("row", "about", "ask", "books") for name in rows}
    kinds = {row.name: getattr(row, "values", ()) for row in ROWS}
    choices = {f"init_{name}_{one}".lower() for name, values in kinds.items() for one in values}
    assert set(MESSAGES) - said - systems - choices == set()
    by_kind = ("money_", "outcome_", "payment_", "sign_", "waits_", "write_")
    words = {name for name in load("words")["words"] if not name.startswith(by_kind)}
    assert words - said == {"a_number"}
    assert load("words")["areas"].keys() == {*AREAS}
    columns = {word for text in said for word in text.split()}
    columns |= {f"{kind}_{name}" for kind in ("gaps", "h", "left", "why") for name in columns}
    columns |= {f"open_{name}{end}" for name in columns for end in ("", "_do")}
    for kind in ("page", "preview", "proof"):
        assert load("words")[kind].keys() - columns == set()


def test_a_message_says_the_same_in_both_languages():
    """Sentence and remedies are filled in both, with the same facts, and are not the same text."""
    for code, message in MESSAGES.items():
        for pair in (message, *(message[reader] for reader in READERS if reader in message)):
            assert pair["en"], code
            assert pair["nb"], code
            assert pair["en"] != pair["nb"], code
            assert facts_of(pair["en"]) == facts_of(pair["nb"]), code


def test_a_reason_says_what_to_do_to_its_reader():
    """Whatever holds an order or stops a run has a remedy, and whatever is typed wrongly.
    An accountant types nothing here: calls of woo2po stand with what whoever runs it does.
    """
    reasons = {code for name in REASONS for code in load(name)}
    reasons |= {code for code in MESSAGES if code.startswith("usage_")}
    amiss = calls_of("warning", "holding", "wrong")
    reasons |= {text_of(node.args[0]) for file, _, node in amiss if file.parent.name == "check"}
    reasons -= {""}
    assert {code for code in reasons if not texts(code)[1]} == NOTHING_TO_DO
    for code, message in MESSAGES.items():
        assert not re.search("[`«]woo2po ", " ".join(message.get("do", {}).values())), code


def test_what_both_readers_do_is_one_text():
    """The accountant's part comes first; a sentence that begins small goes on in it."""
    assert remedy("sku_unknown", "en") == (
        'Create the product in PowerOffice, or set products.unknown to "fallback" or "create".'
    )
    assert remedies("sku_unknown", "en") == (
        "Create the product in PowerOffice.",
        'Or set products.unknown to "fallback" or "create".',
    )
    assert remedy("refund_not_told", "nb").startswith("Åpne ordren i butikken")
    assert "PowerOffice, og kjør så" in remedy("total_below_lines", "nb")
    assert remedies("total_below_lines", "nb")[1].startswith("Kjør så")
    assert remedy("another_run", "en") == ""


def test_a_message_reads_well_and_is_filled_with_its_facts():
    """No gaps, no doubled blanks or stops, no program's words, and no fact that is a
    person's name, address, e-mail or telephone.
    """
    assert [code for code in MESSAGES if PERSONAL & all_facts_of(code)] == []
    for code in MESSAGES:
        for text in texts(code):
            assert text == text.strip(), code
            assert "  " not in text, code
            assert ".." not in text.replace("...", ""), code
            assert not {"None", "exception", "traceback"} & set(text.split()), code
    for code in MESSAGES:
        facts = {name: f"<{name}>" for name in all_facts_of(code)}
        for language in ("en", "nb"):
            whole = f"{say(code, language, facts)} {remedy(code, language, facts)}"
            assert all(fact in whole for fact in facts.values()), code
            assert "{}" not in whole, code


def test_every_fact_of_a_sentence_is_given():
    """Where code names a message and its facts in one place, none is forgotten."""
    checked = 0
    by_keyword, by_table = {"hold", "NotSo"}, {"Hold", "Skip", "Note"}
    by_keyword |= {"WrongNumber", "Wrong", "NotMoved", "Unschedulable"}
    for file, name, node in calls_of(*by_keyword, *by_table):
        code = text_of(node.args[0]) if node.args else ""
        table = node.args[1] if len(node.args) > 1 else ast.Dict([], [])
        given = {word.arg for word in node.keywords}
        if name in by_table:
            given = {text_of(key) for key in table.keys} if isinstance(table, ast.Dict) else {None}
            given = {None} if isinstance(table, ast.Dict) and None in table.keys else given
        if code in MESSAGES and None not in given:
            wanted = all_facts_of(code) - {"order"}  # given by who shows it
            assert wanted <= given, f"{file.name}:{node.lineno} {code}"
            checked += 1
    assert checked > 30, "the search finds too few"


# -- amounts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "english", "norwegian"),
    [
        (Decimal("1234.5"), "1234.50", "1\xa0234,50"),
        (Decimal("-0.0049"), "-0.0049", "-0,0049"),
        (Decimal(7), "7.00", "7,00"),
        (12, "12", "12"),
        (date(2026, 11, 5), "2026-11-05", "05.11.2026"),
    ],
)
def test_a_fact_is_said_by_its_kind(fact, english, norwegian):
    """Whatever its name; and it comes back from the state database as it was."""
    for name in ("total", "number"):
        assert filled(f"{{{name}}}!", "en", {name: fact}) == f"{english}!"
        assert filled(f"{{{name}}}!", "nb", {name: fact}) == f"{norwegian}!"
    assert remembered(json.loads(json.dumps(kept({"x": fact, "y": "1.50"})))) == {
        "x": fact,
        "y": "1.50",
    }
    assert texts_of({"x": fact}) == {"x": english}


def test_a_rate_has_its_comma_where_it_is_read_and_its_point_where_it_is_typed():
    """A key of the configuration is typed as TOML has it."""
    facts = {"rate": "12.5", "key": "fees.product_by_rate", "has": "12.5 % (3000)", "line": "1.50"}
    said = say("no_product_for_rate", "nb", facts)
    assert "1.50 (" in said
    assert "med 12,5 % mva." in said
    assert "12,5 % (3000)" in said
    assert '{ "12.5" = "..." }' in remedy("no_product_for_rate", "nb", facts)
    assert "12.5 % VAT" in say("no_product_for_rate", "en", facts)


def test_a_missing_fact_is_dots_and_an_unknown_code_a_defect():
    """Never a crash on the way to a person for the one; the other is told at once."""
    assert say("no_such_order", "en", {}) == "The shop has no order …."
    with pytest.raises(KeyError):
        say("no_such_code", "en")


# -- files -----------------------------------------------------------------------------------------


def test_an_idle_run_reads_one_file(tmp_path):
    """Every five minutes, mostly for nothing: the areas are there for those that have trouble."""
    with served(tmp_path, [GOES]) as both:
        both.woo2po("run")
        load.cache_clear()
        assert "nothing" in both.woo2po("run", "-v").output.lower()
    assert load.cache_info().misses == 1


# -- explain ---------------------------------------------------------------------------------------


@pytest.fixture
def explaining(tmp_path, monkeypatch):
    """Type `woo2po explain` in a folder without a configuration; return code and what is said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(click, "get_app_dir", lambda _: tmp_path)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def typed(*words):
        done = CliRunner().invoke(cli, ["explain", *words])
        return done.exit_code, done.output

    return typed


def test_a_code_is_explained_to_both_readers_in_the_language_of_the_configuration(explaining):
    """What it means, and what to do, with dots for facts; brackets and capitals do no harm, nor a
    configuration that is wrong. One mistyped ends with 2, and those that may be meant.
    """
    code, said = explaining("foreign_vat")
    assert code == 0
    assert "The order has VAT of … at … %" in said
    assert "PowerOffice" in said
    assert explaining("[Foreign_VAT]") == (code, said)
    code, said = explaining("foreign_vt")
    assert code == 2
    assert "perhaps foreign_vat was meant" in said
    assert explaining("qqqqqqqq")[0] == 2
    Path("config.toml").write_text('language = "nb"\n', "utf-8")
    assert "Ordren har mva." in explaining("foreign_vat")[1]
    assert explaining("foreign_vat", "--language", "en")[1].startswith("The order has VAT of")


def test_every_code_can_be_explained_in_both_languages():
    """No fact is left in braces, and none is a question mark."""
    for code in MESSAGES:
        en, nb = (
            " ".join((say(code, language), *remedies(code, language))) for language in ("en", "nb")
        )
        assert not re.search(r"\{\w+\}", f"{en} {nb}"), code
        assert f"{en} {nb}".count("?") == " ".join(texts(code)).count("?"), code


def test_explain_alone_lists_what_leaves_something_to_do(explaining):
    """Every such code, on a line of its own that fits."""
    code, said = explaining()
    listed = re.findall(r"(?m)^  (\w+): \S", said)
    assert code == 0
    assert sorted(listed) == sorted(code for code in MESSAGES if texts(code)[1])
    assert max(map(len, said.splitlines())) <= 80
