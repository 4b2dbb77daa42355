"""What the code cites of the pages of facts is there."""

import re
from pathlib import Path

import pytest

import woo2po

PACKAGE = Path(woo2po.__file__).parent
PAGES = {name: PACKAGE / name / "facts.md" for name in ("poweroffice", "woocommerce")}
FILES = [
    file
    for folder in (PACKAGE, Path(__file__).parent)
    for file in sorted(folder.rglob("*"))
    if file.suffix in {".py", ".toml"}
]
CITATION = re.compile(r'(?:(\w+)/)?facts\.md, ((?:"[^"]+"(?:,? and |, | to )?)+)')


def cited(file):
    """Yield page and heading of each citation, over the ends of lines too."""
    text = re.sub(r"\n\s*(# )?", " ", file.read_text("utf-8", errors="replace"))
    for page, headings in CITATION.findall(text):
        yield from (
            (page or file.parent.name, heading) for heading in re.findall('"(.+?)"', headings)
        )


def headings_of(page):
    return set(re.findall(r"^## (.+)$", PAGES[page].read_text("utf-8"), re.MULTILINE))


def test_each_citation_names_a_heading_that_exists():
    """Whoever doubts a line can read where it comes from."""
    found = {
        (file.name, *one) for file in FILES if file.name != "test_facts.py" for one in cited(file)
    }
    assert len(found) > 20
    assert [one for one in found if one[1] not in PAGES or one[2] not in headings_of(one[1])] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_how_sure_each_fact_is(page):
    """No section goes without a mark, or a word for where it was seen."""
    sections = PAGES[page].read_text("utf-8").split("\n## ")[1:]
    marked = r"\((D|S|V|C|I|\?)\b|\(\?\)|[Rr]ecorded|[Ii]n the wild|Switches"
    assert [section.split("\n")[0] for section in sections if not re.search(marked, section)] == []
