"""The proof as CSV that a Norwegian Excel opens by a double click: semicolons, decimal commas, BOM.

A text that a spreadsheet would take for a formula is given an apostrophe in front.
"""

import csv
import io
from decimal import Decimal

from woo2po.messages import say
from woo2po.messages.message import Language
from woo2po.page import Cell
from woo2po.reconcile.proof import Proof
from woo2po.reconcile.wording import ProofItem, ProofWording

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def proof_csv(proof: Proof, language: Language) -> bytes:
    """Return the proof as the bytes of a CSV file: what differs, what is explained, every table.

    Each part begins with a row of headings; a column in front names the part.
    """
    wording, out = ProofWording(proof, language), io.StringIO(newline="")
    write = csv.writer(out, delimiter=";", lineterminator="\r\n").writerow
    write([_text(wording.title)])
    write([_text(wording.conclusion)])
    for code, items in (
        ("reconcile_h_differences", wording.differences()),
        ("reconcile_h_explained", wording.explained()),
    ):
        title = say(code, language)
        if items:
            write([])
            write([say("reconcile_c_kind", language), *_item_heads(language)])
        for item in items:
            write([_text(title), *_item(item)])
    for table in wording.tables():
        write([])
        write([say("reconcile_c_kind", language), *map(_text, table.headers)])
        for row in table.rows:
            write([_text(table.title), *map(_cell, row)])
    write([])
    for note in wording.notes:
        write([say("reconcile_h_notes", language), _text(note)])
    return out.getvalue().encode("utf-8-sig", "replace")


def _item_heads(language: Language) -> list[str]:
    codes = ("reconcile_c_day", "reconcile_c_order", "reconcile_c_what", "reconcile_c_shop")
    heads = [say(code, language) for code in codes]
    return [*heads, "PowerOffice", say("reconcile_c_todo", language)]


def _item(item: ProofItem) -> list[str]:
    said = " ".join(filter(None, (item.text, item.reason)))
    shop, books = (("" if x is None else _cell(x)) for x in (item.shop, item.books))
    return [_text(item.day), _text(item.number), _text(said), shop, books, _text(item.todo)]


def _cell(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    return _text(cell) if isinstance(cell, str) else str(cell)


def _text(text: str) -> str:
    """Return a text on one line that no spreadsheet carries out."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return (
        f"'{plain}" if plain.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else plain
    )
