"""PowerOffice's words about a probe, without anybody's name or id: fit to be sent on.

What a probe makes is its own, but an answer may quote anything that the company has.
"""

import re

from woo2po.logs import impersonal
from woo2po.poweroffice.probing import Reply

_LONGEST = 200
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ID = re.compile(r"\d{4,}")
_PROPERTY = re.compile(r"\b[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+\b")  # as ProductUnitPrice is spelled
# Properties of one word, and what ASP.NET says.
_PLAIN = frozenset({"Quantity", "Description", "Enum", "Allowance", "Lines", "Could", "One", "A"})
_PLAIN |= {"Id", "Code", "Number", "Type", "Name"}


def said(reply: Reply) -> str:
    """Return title and detail of a refusal."""
    text = " ".join(f"{reply.title.rstrip('.')}. {reply.detail}".split()).strip(". ")
    return fit_to_send(text) or "-"


def fit_to_send(text: str) -> str:
    """Return a text of PowerOffice's with ids as #, and without words that may be a name."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x00"

    numbered = _ID.sub("#", _GUID.sub("#", text))
    marked = re.sub(
        r"\b(?:[A-Z]|woo2po)\w*\b", lambda m: keep(m) if _is_known(m[0]) else m[0], numbered
    )
    plain = impersonal(marked.replace("\x00", "\ue000"))
    return re.sub("\ue000(\\d+)\ue000", lambda m: kept[int(m[1])], plain)[:_LONGEST]


def _is_known(word: str) -> bool:
    return word in _PLAIN or word.startswith("woo2po") or _PROPERTY.fullmatch(word) is not None
