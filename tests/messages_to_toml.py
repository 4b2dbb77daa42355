"""Turns the messages in Python into files of TOML, and proves that every text is the same.

`python tests/messages_to_toml.py` writes woo2po/messages/*.toml; with `--prove FOLDER` it compares
them with the messages in Python of another checkout, text by text. Kept in the history only.
"""

import ast
import importlib
import io
import sys
import tokenize
import tomllib
from pathlib import Path

HERE = Path(__file__).parents[1] / "woo2po" / "messages"
AREAS = {
    "run": [("commands", "COMMANDS"), ("usage", "USAGE")],
    "orders": [("holds", "HOLDS"), ("follows", "FOLLOWS"), ("push", "PUSH")],
    "shop": [("shop", "SHOP")],
    "poweroffice": [("poweroffice", "POWEROFFICE")],
    "status": [("status", "STATUS"), ("screens", "SCREENS"), ("many", "MANY")],
    "preview": [("preview", "PREVIEW"), ("preview", "PREVIEW_TEXTS"), ("screens", "SCREENS")],
    "check": [("check", "CHECK"), ("check_books", "CHECK_BOOKS"), ("check_screen", "CHECK_TEXTS")],
    "proof": [("reconcile", "RECONCILE"), ("reconcile", "RECONCILE_TEXTS")],
    "settings": [("settings", "SETTINGS")],
    "setup": [
        ("wizard", "WIZARD"),
        ("wizard", "WIZARD_TALK"),
        ("wizard_connect", "CONNECT_TALK"),
        ("wizard_thirteen", "THIRTEEN_TALK"),
        ("wizard_beyond", "BEYOND_TALK"),
        ("many", "MANY"),
    ],
    "sandbox": [("sandbox", "SANDBOX")],
    "probe": [("probe", "PROBE"), ("probe_screen", "PROBE_TEXTS")],
}
HEADS = {
    "run": "What a run and the other commands say, and what is wrong with what was typed.",
    "orders": "Why an order, and what follows it, is held or skipped, and what was noticed.",
    "shop": "What can be wrong between us and the shop.",
    "poweroffice": "What can be wrong between us and PowerOffice.",
    "status": "What `status` and `show` say.",
    "preview": "What a preview says, in the terminal and on its page.",
    "check": "What `check` finds, its headings, and how it ends.",
    "proof": "What `reconcile` finds, and its headings.",
    "settings": "What can be wrong with the configuration: said behind the key and a colon.",
    "setup": "What `init` asks and says, and what `schedule` cannot do.",
    "sandbox": "What the sandbox says to the person who changes it.",
    "probe": "What the probe asks, and how it turns out.",
}
# Of these two tables the codes with such beginnings stand in that area.
PARTLY = {
    ("screens", "status"): ("show_", "noticed"),
    ("screens", "preview"): ("preview_", "customer_", "refunded_", "not_transferred"),
    ("many", "status"): ("shop",),
    ("many", "setup"): ("schedule_",),
}
WORDS_HEAD = "The words of tables, parts of sentences, and times: what sentences are filled with."


def text(value: str) -> str:
    """Return a text as TOML has it."""
    if "\n" in value:
        escaped = value.replace("\\", "\\\\").replace('"""', '\\"""')
        return f'"""\n{escaped}"""'
    if ('"' in value or "\\" in value) and "'" not in value:
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\xa0", "\\u00a0")
    return f'"{escaped}"'


def remarks(module: str) -> dict[str, list[str]]:
    """Return the comments before each key of a dictionary in a module."""
    source = (HERE / f"{module}.py").read_text("utf-8")
    notes = {
        token.start[0]: token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT and token.line.lstrip().startswith("#")
    }
    found = {}
    for node in ast.walk(ast.parse(source)):
        value = getattr(node, "value", None)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(value, ast.Dict):
            for key in filter(None, value.keys):
                first = key is value.keys[0]
                line, said = (node.lineno if first else key.lineno) - 1, []
                while line in notes:
                    said.insert(0, notes[line].strip("# -").strip())
                    line -= 1
                if first and key.lineno - 1 in notes:
                    said.append(notes[key.lineno - 1].strip("# -").strip())
                if isinstance(key, ast.Constant) and said:
                    found[key.value] = said
    return found


def written(area: str) -> str:
    """Return the TOML of an area."""
    lines = [f"# {HEADS[area]}"]
    for module, name in AREAS[area]:
        read = importlib.import_module(f"woo2po.messages.{module}")
        said = remarks(module)
        for code, message in getattr(read, name).items():
            if not code.startswith(PARTLY.get((module, area), "")):
                continue
            lines += ["", *(f"# {one}" for one in said.get(code, []))]
            lines += [""] * (code in said)
            lines += [f"[{code}]", f"en = {text(message.en)}", f"nb = {text(message.nb)}"]
            if message.en_remedy:
                lines.append(f"do.en = {text(message.en_remedy)}")
                lines.append(f"do.nb = {text(message.nb_remedy)}")
    return "\n".join(lines) + "\n"


def words() -> str:
    """Return the TOML of the words and parts of sentences."""
    from woo2po.messages.terms import A_NUMBER, AMOUNTS, TERMS
    from woo2po.messages.times import MONTHS, TIMES, WEEKDAYS
    from woo2po.messages.words import WORDS

    said = remarks("words") | remarks("times")
    lines = [f"# {WORDS_HEAD}", "# Each is a pair: English, Norwegian.", ""]
    lines += ["# The facts that are amounts, by name. By name, since nothing else tells an amount"]
    lines += ["# from an order's number: a shop may have an order 10.25.", "amounts = ["]
    row = ""
    for name in sorted(AMOUNTS):
        if len(row) + len(name) > 90:
            lines, row = [*lines, f"    {row.strip()}"], ""
        row += f'"{name}", '
    lines += [f"    {row.strip()}", "]"]
    months = {str(n): term for n, term in enumerate(MONTHS, 1)}
    days = {str(n): term for n, term in enumerate(WEEKDAYS)}
    tables = {"words": WORDS, "times": TIMES, "months": months, "weekdays": days}
    for name, table in tables.items():
        lines += ["", f"[{name}]"]
        if name == "words":
            lines += ["# The number of an order where the sentence stands beside several or none."]
            lines += [f"a_number = {pair(A_NUMBER)}"]
        for key, term in table.items():
            lines += [f"# {one}" for one in said.get(key, [])]
            lines += [f"{key} = {pair(term)}"]
    lines += ["", "# Facts that are codes themselves, by the fact's name and its code; one that"]
    lines += ["# does not stand here is shown as it is: a number, a key, the other side's words."]
    for name, table in TERMS.items():
        lines += [f"[terms.{name}]"]
        for key, term in table.items():
            lines.append(f"{key if key.isidentifier() else text(key)} = {pair(term)}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def pair(term: tuple[str, str]) -> str:
    """Return a term as TOML has it."""
    return f"[{text(term[0])}, {text(term[1])}]"


def proved(other: Path) -> int:
    """Compare the files with the messages in Python below another folder; return how many."""
    sys.path.insert(0, str(other))
    from woo2po import messages as before
    from woo2po.messages import terms, times
    from woo2po.messages import words as words_before

    assert Path(before.__file__).is_relative_to(other), before.__file__
    now: dict[str, dict] = {}
    for area in AREAS:
        table = tomllib.loads((HERE / f"{area}.toml").read_text("utf-8"))
        assert not now.keys() & table.keys(), now.keys() & table.keys()
        now |= table
    was = before.MESSAGES
    print("codes gone:", sorted(was.keys() - now.keys()) or "none")
    print("codes new:", sorted(now.keys() - was.keys()) or "none")
    changed = 0
    for code in was.keys() & now.keys():
        message, table = was[code], now[code]
        for language in ("en", "nb"):
            remedy = [table[who][language] for who in ("do", "run") if who in table]
            is_ = (table[language], " ".join(remedy))
            due = (getattr(message, language), getattr(message, f"{language}_remedy"))
            if is_ != due:
                changed += 1
                print(code, language, due, is_, sep="\n   ")
    parts = tomllib.loads((HERE / "words.toml").read_text("utf-8"))
    assert set(parts["amounts"]) == terms.AMOUNTS
    for mine, theirs in (
        (parts["words"], words_before.WORDS | {"a_number": terms.A_NUMBER}),
        (parts["times"], times.TIMES),
        (parts["months"], {str(n): term for n, term in enumerate(times.MONTHS, 1)}),
        (parts["weekdays"], {str(n): term for n, term in enumerate(times.WEEKDAYS)}),
        *((parts["terms"][name], table) for name, table in terms.TERMS.items()),
    ):
        assert {key: tuple(value) for key, value in mine.items()} == dict(theirs)
    print(f"{len(now)} codes compared, {changed} texts differ; words, times and terms are the same")
    return changed


if __name__ == "__main__":
    if sys.argv[1:2] == ["--prove"]:
        sys.exit(bool(proved(Path(sys.argv[2]).resolve())))
    for area in AREAS:
        (HERE / f"{area}.toml").write_text(written(area), "utf-8", newline="\n")
    (HERE / "words.toml").write_text(words(), "utf-8", newline="\n")
