"""The proof as one HTML page: no network, no script, on paper as on a screen, dark and light."""

from collections.abc import Iterable, Iterator

from woo2po.messages import say
from woo2po.messages.message import Language
from woo2po.page import conclusion, document, folded, heading, table, text, todo
from woo2po.reconcile.proof import Proof
from woo2po.reconcile.wording import ProofItem, ProofWording

FEW = 20  # of what is right all the same, so many are shown at once; more are folded


def proof_html(proof: Proof, language: Language) -> str:
    """Return the proof as a page; every text of the shop's and PowerOffice's is escaped."""
    wording = ProofWording(proof, language)
    parts = [
        heading(wording.title, proof.origin, language),
        conclusion(wording.conclusion, good=proof.agrees),
        *_items("reconcile_h_differences", wording.differences(), language),
        *(table(one, language) for one in wording.tables()),
        *_items("reconcile_h_explained", wording.explained(), language, fold=True),
        f"<h2>{text(say('reconcile_h_notes', language))}</h2>",
        *(f"<p>{text(note)}</p>" for note in wording.notes),
    ]
    return document(wording.title, language, parts)


def _items(
    code: str, items: Iterable[ProofItem], language: Language, *, fold: bool = False
) -> Iterator[str]:
    listed = [_item(item) for item in items]
    if not listed:
        return
    heading_ = f"<h2>{text(say(code, language))} ({len(listed)})</h2>"
    body = '<ul class="items">\n' + "\n".join(listed) + "\n</ul>"
    yield folded(heading_, body) if fold and len(listed) > FEW else heading_ + body


def _item(item: ProofItem) -> str:
    said = " ".join(filter(None, (item.text, item.reason)))
    return f"<li>{text(said)}{todo(item.todo)}</li>"
