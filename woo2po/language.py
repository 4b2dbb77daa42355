"""The language of the environment: of what is said before a configuration tells its own."""

import os
from typing import Literal


def language_here() -> Literal["nb", "en"]:
    """Return the language of the environment; Norwegian where it names none."""
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    spoken = named.partition(".")[0].partition("_")[0].lower()
    return "nb" if spoken in {"", "c", "posix", "nb", "nn", "no"} else "en"
