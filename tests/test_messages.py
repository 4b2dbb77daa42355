"""Everything that is said to people: in both languages, with a remedy, and about nobody."""

import ast
import builtins
import itertools
import json
import re
import shlex
import string
from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from served import GOES, served
from test_layout import PACKAGE, ROOMS, modules_in, nodes_of, room, texts_in
from test_readme import typed

from woo2po import messages
from woo2po.cli import cli
from woo2po.config import Settings, keys
from woo2po.config.keys import BY_PATH
from woo2po.holds import kept, remembered, texts_of
from woo2po.messages import AREAS, READERS, load, remedies, remedy, say, to_type, word
from woo2po.record import WriteKind
from woo2po.setup.rows import ROWS

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
    remedies = [messages.whole_remedy(message, language) for language in ("en", "nb")]
    return message["en"], remedies[0], message["nb"], remedies[1]


def all_facts_of(code):
    return {name for text in texts(code) for name in facts_of(text)}


PROGRAM = modules_in(ROOMS - {"sandbox"})


def calls_of(*names):
    """Yield module, name and node of every call of something that is called so."""
    for module in PROGRAM:
        for node in nodes_of(module):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in names:
                    yield module, name, node


def text_of(node):
    """Return the text that a node is, or ""."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@cache
def said_in_code():
    """Return every text in the program and its pages, apart from the messages themselves."""
    templates = (file for kind in ("*.html", "*.txt") for file in PACKAGE.rglob(kind))
    pages = " ".join(file.read_text("utf-8") for file in templates)
    modules = (module for module in PROGRAM if module != "messages")
    texts_said = {text for module in modules for text in texts_in(module)}
    return texts_said | {*re.findall(r'"(\w+)"', pages)}


def codes_raised():
    """Return the texts that stand where a code of a message belongs."""
    places = {"Wrong": 0, "Hold": 0, "Skip": 0, "Note": 0, "hold": 0, "note": 0, "say": 0,
              "say_both": 0, "remedy": 0, "StateError": 0, "WrongNumber": 0, "NotSo": 0,
              "CannotLogIn": 1, "NeverLeft": 1, "NoAnswer": 1, "NotUnderstood": 1, "NotMoved": 0,
              "Unreadable": 0, "Unschedulable": 0, "UnknownNumber": 0}  # fmt: skip
    given = (node.args[places[name] :] for _, name, node in calls_of(*places))
    return {text_of(rest[0]) for rest in given if rest} - {""}


def test_every_code_that_is_raised_has_its_message():
    """Whoever holds, skips, stops or tells something names a message that exists. No message hides
    another of the same code; none has a key that nobody reads.
    """
    assert codes_raised() - set(MESSAGES) == set()
    assert len(codes_raised()) > 60, "the search for codes finds too few"
    assert sum(len(load(name)) for name in AREAS) == len(MESSAGES)
    for code, message in MESSAGES.items():
        assert message.keys() <= {"en", "nb", *READERS}, code
        for reader in message.keys() - {"en", "nb"}:
            assert message[reader].keys() == {"en", "nb"}, code


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
    keys = {row.name: BY_PATH.get(row.path) for row in ROWS}
    kinds = {n: (*key.choices, True, False) if key else ("config", "files")
             for n, key in keys.items()}  # fmt: skip
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
    same = {"status", "sum", "PowerOffice", "total", "ok"}
    kinds = [pairs for kind, pairs in WORDS.items() if kind not in {"terms", "remedies"}]
    for en, nb in (pair for kind in (*kinds, *WORDS["terms"].values()) for pair in kind.values()):
        assert en
        assert nb
        assert en != nb or en in same


def test_a_reason_says_what_to_do_to_its_reader():
    """Whatever holds an order or stops a run has a remedy, and whatever is typed wrongly."""
    reasons = {code for name in REASONS for code in load(name)}
    reasons |= {code for code in MESSAGES if code.startswith("usage_")}
    amiss = calls_of("warning", "holding", "wrong")
    reasons |= {text_of(node.args[0]) for module, _, node in amiss if room(module) == "check"}
    reasons -= {""}
    assert {code for code in reasons if not texts(code)[1]} == NOTHING_TO_DO
    for code, message in MESSAGES.items():
        assert not re.search("[`«]woo2po ", " ".join(message.get("do", {}).values())), code


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
        assert all(text[-1] in ".?" for text in texts(code)[1::2] if text), code
    for code in MESSAGES:
        facts = {name: f"<{name}>" for name in all_facts_of(code)}
        for language in ("en", "nb"):
            whole = f"{say(code, language, facts)} {remedy(code, language, facts)}"
            assert all(fact in whole for fact in facts.values()), code
            assert "{}" not in whole, code
            bare = " ".join((say(code, language), *remedies(code, language)))  # as `explain` says
            assert not re.search(r"\{\w+\}", bare), code
            assert bare.count("?") == " ".join(texts(code)[2 * (language == "nb") :][:2]).count("?")


def test_every_fact_of_a_sentence_is_given():
    """Where code names a message and its facts in one place, none is forgotten."""
    checked = 0
    by_keyword, by_table = {"hold", "note", "NotSo"}, {"Hold", "Skip", "Note"}
    by_keyword |= {"WrongNumber", "Wrong", "NotMoved", "Unschedulable"}
    for module, name, node in calls_of(*by_keyword, *by_table):
        code = text_of(node.args[0]) if node.args else ""
        table = node.args[1] if len(node.args) > 1 else ast.Dict([], [])
        given = {word.arg for word in node.keywords}
        if name in by_table:
            given = {text_of(key) for key in table.keys} if isinstance(table, ast.Dict) else {None}
            given = {None} if isinstance(table, ast.Dict) and None in table.keys else given
        if code in MESSAGES and None not in given:
            wanted = all_facts_of(code) - {"order"}  # given by who shows it
            assert wanted <= given, f"{module}:{node.lineno} {code}"
            checked += 1
    assert checked > 30, "the search finds too few"


FACTS = {
    Decimal("1234.5"): ("1234.50", "1\xa0234,50"), Decimal("-0.0049"): ("-0.0049", "-0,0049"),
    Decimal(7): ("7.00", "7,00"), 12: ("12", "12"), date(2026, 11, 5): ("2026-11-05", "05.11.2026"),
}  # fmt: skip


def test_a_fact_is_said_by_its_kind():
    """Whatever its name; and it comes back from the state database as it was."""
    for fact, said in FACTS.items():
        for name, language in itertools.product(("total", "number"), ("en", "nb")):
            told = messages.filled(f"{{{name}}}!", language, {name: fact})
            assert told == f"{said[language == 'nb']}!"
        known = {"x": fact, "y": "1.50"}
        assert remembered(json.loads(json.dumps(kept(known)))) == known
        assert texts_of({"x": fact}) == {"x": said[0]}


def test_a_rate_has_its_comma_where_it_is_read_and_its_point_where_it_is_typed():
    """A key of the configuration is typed as TOML has it."""
    facts = {"rate": "12.5", "key": "fees.product_by_rate", "has": "12.5 % (3000)", "line": "1.50"}
    said = say("no_product_for_rate", "nb", facts)
    assert "1.50 (" in said
    assert "med 12,5 % mva." in said
    assert "12,5 % (3000)" in said
    assert '{ "12.5" = "..." }' in remedy("no_product_for_rate", "nb", facts)
    assert "12.5 % VAT" in say("no_product_for_rate", "en", facts)


def test_an_idle_run_reads_one_file(tmp_path):
    """Every five minutes, mostly for nothing: the areas are there for those that have trouble."""
    with served(tmp_path, [GOES]) as both:
        both.woo2po("run")
        load.cache_clear()
        assert "nothing" in both.woo2po("run", "-v").output.lower()
    assert load.cache_info().misses == 1


def explaining(*words):
    done = CliRunner().invoke(cli, ["explain", *words])
    return done.exit_code, done.output


def test_a_code_is_explained_to_both_readers_in_the_configurations_language(tmp_path, monkeypatch):
    """What it means, and what to do, with dots for facts; brackets and capitals do no harm, nor a
    configuration that is wrong. One mistyped ends with 2, and those that may be meant.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(click, "get_app_dir", lambda _: tmp_path)
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
    # Alone it lists every code that leaves something to do, on a line of its own that fits.
    code, said = explaining("--language", "en")
    listed = re.findall(r"(?m)^  (\w+): \S", said)
    assert code == 0
    assert sorted(listed) == sorted(code for code in MESSAGES if texts(code)[1])
    assert max(map(len, said.splitlines())) <= 80


WORDS = load("words")
# Three words and more that stand outside messages/, and are said to nobody.
SAID_TO_NOBODY = {
    "http.engine": "texts of httpx's own errors, of which the type alone is told",
    "transfer.writes": "by which a refusal is recognised",
    "demo": "the sandbox's configuration",
    "proof.showing": "the heads of tables, by their codes",
    "http.spacing": "why the turns are not shared, for the log",
    "logs": "words that are no names",
    "mapping.values": "what is printed on documents",
    "setup.connect": "by which sentences about runs are recognised",
}
WORD = re.compile(r"[A-Za-zÆØÅæøå]{2,}")
SAYING = {"echo", "secho", "print", "prompt", "confirm", "End", "ClickException"}


def constants(*, defects=False):
    """Yield module and text of every string in the program that is no docstring."""
    # The store's are SQL; the probe, and how a command is used, are told in English alone.
    for name in modules_in(ROOMS - {"sandbox", "messages", "store", "probe"}):
        nodes = nodes_of(name)
        unsaid = {id(one) for node in nodes for one in unsaid_in(node, defects)}
        yield from ((name, text_of(x)) for x in nodes if text_of(x) and id(x) not in unsaid)


def unsaid_in(node, defects):
    """Yield a docstring; of a defect of ours, whose type alone is told, all parts; and what a call
    tells of how a command is used: an option's help, click's UsageError.
    """
    body = getattr(node, "body", None)
    if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
        yield body[0].value
    raised = getattr(getattr(node, "exc", None), "func", None)
    if not defects and hasattr(builtins, getattr(raised, "id", "")):
        yield from ast.walk(node)
    if isinstance(node, ast.Call):
        yield from (one.value for one in node.keywords if one.arg == "help")
        yield from node.args[1:2] if getattr(node.func, "attr", "") == "option" else ()
        yield from node.args if getattr(node.func, "attr", "") == "UsageError" else ()


def is_sentence(text):
    """Tell whether a text may be a sentence: three words, and not all are names."""
    words = [word.strip('.,:;!?()"«»') for word in text.split()]
    words = [word for word in words if WORD.fullmatch(word)]
    return len(words) >= 3 and sum(word[0].islower() for word in words) >= 2


def test_no_sentence_stands_outside_the_messages():
    """Three words are a sentence: they belong into messages/, in both languages. What is echoed,
    asked or raised for people is never a text that stands there, however short.
    """
    found = {name: text for name, text in constants() if is_sentence(text)}
    assert found.keys() - SAID_TO_NOBODY.keys() == set(), found
    assert SAID_TO_NOBODY.keys() - found.keys() == set(), "an exception that is not needed"
    for module, _, node in calls_of(*SAYING):
        said = [one for one in map(text_of, node.args[:2]) if WORD.search(one)]
        assert not said, f"{module}:{node.lineno} {said}"


QUOTED = {"en": re.compile(r"`([^`]+)`"), "nb": re.compile(r"«([^»]+)»")}
IN_NORWEGIAN = {"STI": "PATH", "NUMMER": "NUMBER", "FIL": "FILE", "MAPPE": "DIR"}
KEY = re.compile(rf"(?<![\w./])((?:{'|'.join(Settings.model_fields)})\.[a-z_]+)")


def commands_in(text, language):
    """Return the calls of woo2po in a text, in English."""
    calls = [one for one in QUOTED[language].findall(text) if one.startswith("woo2po")]
    words = re.compile(rf"\b({'|'.join(IN_NORWEGIAN)})\b")
    return {words.sub(lambda m: IN_NORWEGIAN[m[0]], one) for one in calls}


def test_both_languages_name_the_same_commands_and_keys():
    """A remedy in one language is the same in the other; nothing was left untranslated, or
    put into the wrong column.
    """
    for code in MESSAGES:
        en, en_remedy, nb, nb_remedy = texts(code)
        for one, other in ((en, nb), (en_remedy, nb_remedy)):
            assert commands_in(one, "en") == commands_in(other, "nb"), code
            assert set(KEY.findall(one)) == set(KEY.findall(other)), code
            assert "«" not in one, f"{code}: English has other quotation marks"
            assert "`" not in other, f"{code}: Norwegian has other quotation marks"
        english, norwegian = f"{en} {en_remedy}", f"{nb} {nb_remedy}"
        for text, language, other in ((english, "en", NORWEGIAN), (norwegian, "nb", ENGLISH)):
            own = re.sub(r"\{\w+\}", "", QUOTED[language].sub("", text))
            assert not other & set(re.findall(r"\w+", own)), code


ENGLISH = {"the", "and", "is", "was", "of", "not", "has", "with", "there", "this", "its", "your"}
NORWEGIAN = {"og", "ikke", "er", "som", "på", "det", "den", "av", "til", "å", "ordren", "hva"}


def test_the_other_sides_words_bring_no_second_stop():
    """PowerOffice's sentences end, or are missing; ours end once either way."""
    facts = {"what": "create_customer", "title": "Validation", "detail": "The name is missing."}
    said = "PowerOffice refused to make the customer: Validation: The name is missing."
    assert say("refused", "en", facts) == said
    assert say("refused", "en", facts | {"detail": ""}).endswith("customer: Validation.")
    assert say("sending_failed", "nb", {"detail": ""}) == "PowerOffice kunne ikke sende fakturaen."
    shop = {"status": "400", "title": "odd_code", "detail": ""}
    assert say("shop_refused", "en", shop) == "The shop refused a question (400 odd_code)."


# Facts that make a command whole.
WHOLE = defaultdict(lambda: "42", first="2026-10-01", last="2026-10-31", path="woo2po")


def calls():
    """Yield every call of woo2po that a message tells somebody to type."""
    for code, message in MESSAGES.items():
        for language in ("en", "nb"):
            whole = f"{message[language]} {messages.whole_remedy(message, language)}"
            for call in QUOTED[language].findall(whole):
                if call.startswith(("woo2po", "{path}")):
                    yield code, string.Formatter().vformat(call, (), WHOLE)


def test_a_command_that_a_message_names_can_be_typed():
    """It exists, and takes these options and values; and none stands without quotation
    marks, for where would it end?
    """
    typed_in = {call: code for code, call in calls()}
    for call, code in typed_in.items():
        try:
            typed(shlex.split(call)[1:])
        except click.UsageError as error:
            raise AssertionError(f"{code}: {call}: {error}") from error
    assert len(typed_in) > 40, "the search finds too few"
    named = re.compile(rf"woo2po ({'|'.join(cli.commands)})\b(?!, can be deleted)")
    for code in MESSAGES:
        for text, language in zip(texts(code), ("en", "en", "nb", "nb"), strict=True):
            assert not named.search(QUOTED[language].sub("", text)), code


@pytest.mark.parametrize(
    ("number", "typed"),
    [("1042", "1042"), ("id:1042", "id:1042"), ("N-7/2026", "N-7/2026"), ("7" * 200, "7" * 200),
     ("#7 (B)", '"#7 (B)"'), ("Å7", '"Å7"'), ("-7", ""),
     *((said, "") for said in ('7"', "$(reboot)", "`reboot`", "7; reboot", "%PATH%", "7 " * 200,
                               ""))],
)  # fmt: skip
def test_a_number_is_typed_as_a_terminal_takes_it(number, typed):
    """Some shops' numbers have signs and blanks in them; none makes a terminal do more."""
    assert to_type(number) == typed
    for language, word_for_it in (("en", "NUMBER"), ("nb", "NUMMER")):
        said = remedy("deposit", language, {"order": to_type(number)})
        assert f"woo2po skip {typed or word_for_it} --reason" in said


# An order that is skipped loses its later refunds: what a balance tells is looked at again.
SEEN_PAID = {"paid_in_part", "no_subledger", "rate_of_invoice_unknown", "payment_unanswered"}


BY_HAND = re.compile(r"(?i)credit (it|the rest|the whole|the invoice)|make the credit note")


def test_every_hold_that_a_person_ends_says_how():
    """Whatever is to be booked by hand is taken out afterwards, else it is held for ever. Whoever
    credits by hand is told of the money too: the job books none of what was taken out.
    """
    credited = 0
    for code in load("orders"):
        _, english, _, norwegian = texts(code)
        if "by hand in PowerOffice, then" in english:
            command = "retry {order}" if code in SEEN_PAID else "skip {order} --reason"
            assert f"woo2po {command}" in english, code
        if BY_HAND.search(english) and "woo2po skip" in english:
            assert re.search("money|what was paid", english), code
            assert re.search("penge|det som er betalt", norwegian), code
            credited += 1
    assert credited > 12, "the search finds too few"


def test_every_key_that_a_message_names_exists_and_takes_the_value_that_it_tells_to_set():
    """`section.key`, wherever it stands, PowerOffice's own addresses apart;
    `gift_cards.hidden = "gift_card"`.
    """
    known = {key.path for key in keys.KEYS}
    named = {key for code in MESSAGES for text in texts(code) for key in KEY.findall(text)}
    assert named - known == set()
    assert len(named) > 25, "the search finds too few"
    choices = {key.path: key.choices for key in keys.KEYS if key.choices}
    found = 0
    for code in MESSAGES:
        for text in texts(code):
            for key, value in re.findall(r'([a-z_]+\.[a-z_]+) (?:to|til|=) "(\w+)"', text):
                assert value in choices[key], code
                found += 1
    assert found > 6, "the search finds too few"


def test_facts_that_are_codes_have_their_words():
    """Every code that a value of an order is refused with is a term, and every term is
    used; what PowerOffice refuses is told in words. A product that is called "none" is what
    it says.
    """
    raising = ("order", "woocommerce")
    said = {text for name, text in constants(defects=True) if name in raising}
    assert WORDS["terms"]["expected"].keys() - said == set()
    raised = {text_of(node.args[0]) for name, _, node in calls_of("ValueError") if name == "order"}
    assert raised - WORDS["terms"]["expected"].keys() == set()
    assert WORDS["terms"]["what"].keys() == {kind.value for kind in WriteKind}
    facts = {"code": "none", "key": "fees.product", "rate": "25", "has": "none"}
    said = say("product_unfit", "nb", facts)
    assert said.startswith("Produkt none (fees.product)")
    assert said.endswith("salgskontoene: ingen.")
    # So has a standard status; a plugin's own stays as the shop spells it.
    said = [word("of_status", "nb", "proof", shop_status=s) for s in ("on-hold", "packed")]
    assert said == ["ordrer med status «På vent»", "ordrer med status «packed»"]
    for kind in WriteKind:
        assert word(f"write_{kind}", "nb") != word(f"write_{kind}", "en")
