"""What the screen can show: how wide it is, the signs that it has, its colours; its language.

The command line looks once, with `fit_to`; what makes text asks here, so that no width goes from
hand to hand. Nobody having looked, it is a sheet of 78 columns: what goes into a mail or a file
comes out the same wherever it is made.
"""

import codecs
import os
import re
import shutil
import sys
import unicodedata
from dataclasses import dataclass
from typing import IO, Literal

SHEET = 78  # columns: fits a terminal of 80, and a mail
NARROWEST, WIDEST = 40, 100  # what is narrower is no text, and what is wider is read badly

STAND_INS = {
    "→": "->", "…": "...", "«": "'", "»": "'", "“": "'", "”": "'", "‘": "'", "’": "'",
    "✓": "ok", "✗": "x", "·": "-", "§": "par.",
    "–": "-", "—": "-", "−": "-", "×": "x", "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ", "æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe",
    "Å": "Aa",
}  # fmt: skip

# What finished text has in colours (SGR's numbers): a sign that begins a line, a command to type,
# a figure before its row, a code in brackets. They are never all that tells.
_COLOURED = re.compile(
    r"(?m)^(?P<s32> *✓)(?= )|^(?P<s33> *!)(?= )|^(?P<s31> *✗)(?= )|^(?P<s1> *\d[\d-]*)(?=  )"
    r"|(?P<s34>`woo2po[^`]*`|«woo2po[^»]*»)|(?P<s2>(?<= )\[[a-z]+(?:_[a-z]+)+\])"
)


@dataclass(frozen=True, slots=True)
class Screen:
    """Columns that a text may have, and `across`, a table, where those are more."""

    columns: int = SHEET
    across: int = 0


_here = Screen()


def here() -> Screen:
    """Return the screen that text is made for."""
    return _here


def use(screen: Screen) -> None:
    """Make text for a screen from now on."""
    global _here  # noqa: PLW0603 (the process has one)
    _here = screen


def fit_to(stream: IO[str]) -> None:
    """Make text for where a stream goes: as wide as the terminal, if it is one."""
    columns = across = SHEET
    if stream.isatty():
        # Two are left free: in the last column some terminals begin a new line by themselves.
        across = max(NARROWEST, shutil.get_terminal_size((SHEET + 2, 24)).columns - 2)
        columns = min(WIDEST, across)
    use(Screen(columns, across))


def painted(text: str) -> str:
    """Return finished text with its colours; where nobody sees them, click leaves them out."""
    return _COLOURED.sub(lambda its: f"\x1b[{(its.lastgroup or '')[1:]}m{its[0]}\x1b[0m", text)


def wants_colour() -> bool | None:
    """Return what the environment says of colours; None: at a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return False if os.environ.get("TERM") == "dumb" else None


def language_here() -> Literal["nb", "en"]:
    """Return the language of the environment; Norwegian where it names none."""
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    spoken = named.partition(".")[0].partition("_")[0].lower()
    return "nb" if spoken in {"", "c", "posix", "nb", "nn", "no"} else "en"


def speak_plainly() -> None:
    """Let what is printed have stand-ins for signs that an encoding has not, as of old Windows
    consoles; else it could not be printed at all.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            is_ascii = codecs.lookup(stream.encoding).name == "ascii"
            reconfigure(encoding="woo2po" if is_ascii else None, errors="woo2po")


def _ascii(name: str) -> codecs.CodecInfo | None:
    """Return ASCII under a name of ours: click takes a stream in ASCII for one of UTF-8."""
    if name != "woo2po":
        return None
    own = codecs.lookup("ascii")
    return codecs.CodecInfo(
        own.encode, own.decode, own.streamreader, own.streamwriter, own.incrementalencoder,
        own.incrementaldecoder, name=name,
    )  # fmt: skip


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for the signs that an encoding has not (a handler of codecs)."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(STAND_INS.get(sign) or _letter(sign) for sign in signs), error.end


def _letter(sign: str) -> str:
    bare = unicodedata.normalize("NFKD", sign)[:1]
    return bare if bare.isascii() and bare.isprintable() else "?"


codecs.register_error("woo2po", _stand_in)
codecs.register(_ascii)
