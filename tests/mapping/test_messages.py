"""Every reason that the mapping gives has its sentence, and a remedy where there is one."""

import re
from pathlib import Path

import pytest

from woo2po import mapping
from woo2po.messages import MESSAGES

SOURCES = "\n".join(path.read_text("utf-8") for path in Path(mapping.__file__).parent.glob("*.py"))
CODES = sorted(set(re.findall(r'\b(?:hold|Hold|Skip|Note)\(\s*"(\w+)"', SOURCES))
               | {"vat_does_not_fit"})  # fmt: skip
NOTHING_TO_DO = {"test_order", "vendor_suborder", "line_divided", "gift_card_inferred"}


@pytest.mark.parametrize("code", CODES)
def test_every_reason_has_a_sentence_and_a_remedy_in_both_languages(code: str) -> None:
    """An order is never held without saying what to do."""
    message = MESSAGES[code]
    assert message.en
    assert message.nb
    assert bool(message.en_remedy) is bool(message.nb_remedy) is (code not in NOTHING_TO_DO)


@pytest.mark.parametrize("code", CODES)
def test_both_languages_say_the_same_facts(code: str) -> None:
    """A sum that stands in one stands in the other."""
    message = MESSAGES[code]
    english = set(re.findall(r"\{(\w+)\}", message.en + message.en_remedy))
    assert english == set(re.findall(r"\{(\w+)\}", message.nb + message.nb_remedy))
