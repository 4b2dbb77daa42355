"""The proof as text for a terminal of 80 columns."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from woo2po.messages import say
from woo2po.messages.message import Language
from woo2po.page import Cell, Table
from woo2po.reconcile.proof import Proof
from woo2po.reconcile.wording import ProofItem, ProofWording
from woo2po.report import fitted, kroner, table, wrapped

OF_A_KIND = 10  # so many of a kind are told one by one


def proof_text(proof: Proof, language: Language) -> str:
    """Return the proof as text: the conclusion, what differs, the tables, what is explained."""
    wording = ProofWording(proof, language, by_day=False)
    parts = [wording.title, wrapped(wording.conclusion)]
    differences = list(_items(wording.differences(), language))
    if differences:
        parts.append("\n".join([say("reconcile_h_differences", language), *differences]))
    parts += [_table(one, language) for one in wording.tables()]
    explained = list(_items(wording.explained(), language))
    if explained:
        parts.append("\n".join([say("reconcile_h_explained", language), *explained]))
    parts.append("\n".join(wrapped(note) for note in wording.notes))
    return "\n\n".join(parts)


def _items(items: Iterable[ProofItem], language: Language) -> Iterator[str]:
    """Yield the items as text; of a long row of one kind the first ones."""
    met: Counter[str] = Counter()
    for item in items:
        met[item.code] += 1
        if met[item.code] <= OF_A_KIND:
            yield _item(item)
    more = sum(n - OF_A_KIND for n in met.values() if n > OF_A_KIND)
    if more:
        yield wrapped(say("reconcile_more", language, {"n": str(more)}), "  ")


def _item(item: ProofItem) -> str:
    lines = [wrapped(fitted(item.text, 600), "  - ", "    ")]
    if item.reason:
        lines.append(wrapped(fitted(item.reason, 600), "    ", "    "))
    if item.todo:
        lines.append(wrapped(fitted(item.todo, 600), "    → ", "      "))
    return "\n".join(lines)


def _table(one: Table, language: Language) -> str:
    places = [n for n in range(len(one.headers)) if any(_is_figure(row[n]) for row in one.rows)]
    rows = [[_cell(cell, language) for cell in row] for row in one.rows]
    return f"{one.title}\n{table(rows, one.headers, right=places)}"


def _is_figure(cell: Cell) -> bool:
    return not isinstance(cell, str)


def _cell(cell: Cell, language: Language) -> str:
    if isinstance(cell, Decimal):
        return kroner(cell, language)
    return fitted(str(cell), 16)
