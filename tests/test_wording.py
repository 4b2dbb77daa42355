"""How messages are worded: nothing said elsewhere, what they tell to type works, keys exist."""

import ast
import builtins
import re
import shlex
import string

import click
import example
import pytest
from test_messages import MESSAGES, PACKAGE, calls_of, program, text_of, texts

from woo2po.__main__ import _SAID
from woo2po.cli import cli
from woo2po.config import Settings
from woo2po.messages import load, remedy, say, to_type, whole_remedy, word
from woo2po.record import WriteKind

WORDS = load("words")
# Of these areas every text is a sentence; the others have parts of sentences too.
SENTENCES = ("run", "orders", "shop", "poweroffice", "check", "proof")
NO_SENTENCE = {"check_wrong_key"}  # before its reason
NO_SENTENCE |= {"reconcile_more", "reconcile_none", "reconcile_title"}  # beside a table

# Three words and more that stand outside messages/, and are said to nobody.
SAID_TO_NOBODY = {
    "__main__.py": "the message that is needed before there are any: compared below",
    "http/engine.py": "texts of httpx's own errors, of which the type alone is told",
    "transfer/writes.py": "by which a refusal is recognised",
    "demo.py": "the sandbox's configuration",
    "proof/showing.py": "the heads of tables, by their codes",
    "http/spacing.py": "why the turns are not shared, for the log",
    "logs.py": "words that are no names",
    "mapping/values.py": "what is printed on documents",
    "setup/connect.py": "by which sentences about runs are recognised",
}
WORD = re.compile(r"[A-Za-zÆØÅæøå]{2,}")
SAYING = {"echo", "secho", "print", "prompt", "confirm", "end", "ClickException"}


def constants(*, defects=False):
    """Yield file and text of every string in the program that is no docstring."""
    for file, tree in program():
        name = str(file.relative_to(PACKAGE)).replace("\\", "/")
        # The store's are SQL; the probe, and how a command is used, are told in English alone.
        if not name.startswith(("messages/", "store/", "probe/", "commands/probing.py")):
            all_of_it = list(ast.walk(tree))
            unsaid = {id(one) for node in all_of_it for one in unsaid_in(node, defects)}
            yield from ((name, text_of(x)) for x in all_of_it if text_of(x) and id(x) not in unsaid)


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


# -- nothing is said elsewhere ---------------------------------------------------------------------


def test_no_sentence_stands_outside_the_messages():
    """Three words are a sentence: they belong into messages/, in both languages."""
    found = {name: text for name, text in constants() if is_sentence(text)}
    assert found.keys() - SAID_TO_NOBODY.keys() == set(), found
    assert SAID_TO_NOBODY.keys() - found.keys() == set(), "an exception that is not needed"


def test_nothing_is_printed_that_is_no_message():
    """What is echoed, asked or raised for people is never a text that stands there."""
    for file, _, node in calls_of(*SAYING):
        if file.parent.name != "messages" and file.name != "probing.py":
            said = [one for one in map(text_of, node.args[:2]) if WORD.search(one)]
            assert not said, f"{file.name}:{node.lineno} {said}"


def test_what_is_said_before_there_are_messages_is_the_message():
    """A signal in the first instant is answered as it is later."""
    for language, text in _SAID.items():
        assert text == f"{say('run_interrupted', language)}\n"


# -- both languages say the same -------------------------------------------------------------------

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
        for text, language, other in (
            (f"{en} {en_remedy}", "en", NORWEGIAN),
            (f"{nb} {nb_remedy}", "nb", ENGLISH),
        ):
            own = re.sub(r"\{\w+\}", "", QUOTED[language].sub("", text))
            assert not other & set(re.findall(r"\w+", own)), code


ENGLISH = {"the", "and", "is", "was", "of", "not", "has", "with", "there", "this", "its", "your"}
NORWEGIAN = {"og", "ikke", "er", "som", "på", "det", "den", "av", "til", "å", "ordren", "hva"}


def test_the_words_and_terms_are_there_in_both_languages():
    """Neither is empty; what is the same in both is the same word, or a name."""
    same = {"status", "sum", "PowerOffice", "total", "ok"}
    kinds = [pairs for kind, pairs in WORDS.items() if kind not in {"terms", "remedies"}]
    for en, nb in (pair for kind in (*kinds, *WORDS["terms"].values()) for pair in kind.values()):
        assert en
        assert nb
        assert en != nb or en in same


# -- a sentence ends -------------------------------------------------------------------------------


def test_a_sentence_begins_and_ends_as_one():
    """With a capital (or a fact, a name, an option), and with a stop; headings are none. So
    does every remedy, and what stands behind a key and a colon.
    """
    for code in (code for name in SENTENCES for code in load(name)):
        if code not in NO_SENTENCE and "_h_" not in code:
            for text in filter(None, texts(code)):
                assert text[0].isupper() or text.startswith(("{", "`", "«", "--", "woocommerce."))
                assert text[-1] in ".:?", code
    for code in MESSAGES:
        for text in filter(None, texts(code)[1::2]):
            assert text[-1] in ".?", code
    assert all(text.endswith(".") for code in load("settings") for text in texts(code) if text)


def test_the_other_sides_words_bring_no_second_stop():
    """PowerOffice's sentences end, or are missing; ours end once either way."""
    facts = {"what": "create_customer", "title": "Validation", "detail": "The name is missing."}
    said = "PowerOffice refused to make the customer: Validation: The name is missing."
    assert say("refused", "en", facts) == said
    assert say("refused", "en", facts | {"detail": ""}).endswith("customer: Validation.")
    assert say("sending_failed", "nb", {"detail": ""}) == "PowerOffice kunne ikke sende fakturaen."
    shop = {"status": "400", "title": "odd_code", "detail": ""}
    assert say("shop_refused", "en", shop) == "The shop refused a question (400 odd_code)."


# -- what is to be typed ---------------------------------------------------------------------------


class _Filled(dict):
    """Facts that make a command whole."""

    def __missing__(self, name):
        return {"first": "2026-10-01", "last": "2026-10-31", "path": "woo2po"}.get(name, "42")


def calls():
    """Yield every call of woo2po that a message tells somebody to type."""
    for code, message in MESSAGES.items():
        for language in ("en", "nb"):
            whole = f"{message[language]} {whole_remedy(message, language)}"
            for call in QUOTED[language].findall(whole):
                if call.startswith(("woo2po", "{path}")):
                    yield code, string.Formatter().vformat(call, (), _Filled())


def test_a_command_that_a_message_names_can_be_typed():
    """It exists, and takes these options and values; and none stands without quotation
    marks, for where would it end?
    """
    whole = click.Context(cli, obj={"config": None}, **cli.context_settings)
    options = {flag: one for one in cli.params for flag in one.opts}
    for code, call in sorted(set(calls())):
        words = shlex.split(call)[1:]
        while words and words[0].startswith("-") and words[0] != "--help":
            takes_a_value = not options[words[0]].is_flag
            words = words[1 + takes_a_value :]
        if words and "--help" not in (words[0], *words[1:2]):
            try:
                cli.commands[words[0]].make_context(words[0], words[1:], parent=whole)
            except (KeyError, click.UsageError) as error:
                raise AssertionError(f"{code}: {call}: {error}") from error
    assert len(list(calls())) > 100, "the search finds too few"
    named = re.compile(rf"woo2po ({'|'.join(cli.commands)})\b(?!, can be deleted)")
    for code in MESSAGES:
        for text, language in zip(texts(code), ("en", "en", "nb", "nb"), strict=True):
            assert not named.search(QUOTED[language].sub("", text)), code


def test_a_remedy_names_the_order_that_it_stands_beside():
    """In commands the order's number; where several share the sentence, a word for it."""
    said = remedy("deposit", "en", {"order": to_type("1042")})
    assert said.endswith('`woo2po skip 1042 --reason "..."`.')
    assert "skip NUMBER --reason" in remedy("deposit", "en")
    assert "skip NUMMER --reason" in remedy("deposit", "nb")


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
    said = remedy("deposit", "en", {"order": to_type(number)})
    assert f"`woo2po skip {typed or 'NUMBER'} --reason" in said


def test_every_hold_that_a_person_ends_says_how():
    """Whatever is to be booked by hand is taken out afterwards, else it is held for ever."""
    for code, message in load("orders").items():
        if "by hand in PowerOffice, then" in whole_remedy(message, "en"):
            assert "woo2po skip {order} --reason" in whole_remedy(message, "en"), code


# -- keys ------------------------------------------------------------------------------------------


def test_every_key_that_a_message_names_exists_and_takes_the_value_that_it_tells_to_set():
    """`section.key`, wherever it stands, PowerOffice's own addresses apart;
    `gift_cards.hidden = "gift_card"`.
    """
    known = {key.path for key in example.KEYS}
    named = {key for code in MESSAGES for text in texts(code) for key in KEY.findall(text)}
    assert named - known == set()
    assert len(named) > 25, "the search finds too few"
    choices = {key.path: key.choices for key in example.KEYS if key.choices}
    found = 0
    for code in MESSAGES:
        for text in texts(code):
            for key, value in re.findall(r'([a-z_]+\.[a-z_]+) (?:to|til|=) "(\w+)"', text):
                assert value in choices[key], code
                found += 1
    assert found > 6, "the search finds too few"


# -- facts that are codes --------------------------------------------------------------------------


def test_facts_that_are_codes_have_their_words():
    """Every code that a value of an order is refused with is a term, and every term is
    used; what PowerOffice refuses is told in words. A product that is called "none" is what
    it says.
    """
    raising = ("order.py", "woocommerce/__init__.py")
    said = {text for name, text in constants(defects=True) if name in raising}
    assert WORDS["terms"]["expected"].keys() - said == set()
    raised = {
        text_of(node.args[0]) for file, _, node in calls_of("ValueError") if file.name == "order.py"
    }
    assert raised - WORDS["terms"]["expected"].keys() == set()
    assert WORDS["terms"]["what"].keys() == {kind.value for kind in WriteKind}
    facts = {"code": "none", "key": "fees.product", "rate": "25", "has": "none"}
    said = say("product_unfit", "nb", facts)
    assert said.startswith("Produkt none (fees.product)")
    assert said.endswith("salgskontoene: ingen.")


def test_a_status_is_said_in_the_readers_words():
    """The standard ones, that is; a plugin's own stays as the shop spells it."""
    said = [word("of_status", "nb", "proof", shop_status=s) for s in ("on-hold", "packed")]
    assert said == ["ordrer med status «På vent»", "ordrer med status «packed»"]
