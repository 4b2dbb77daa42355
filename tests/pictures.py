"""Makes the README's pictures from real runs against the stand-ins.

    python -m tests.pictures

The commands are processes of their own, their output is drawn by headless Chromium, and so are the
pages that they write. The files are put into `.pictures/`; look at them before you commit them.
"""

import sys
import tempfile
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # as pytest does for the files beside this one

from browser import Browser, chromium
from served import Served, served

from woo2po.sandbox.shop_orders import recorded_names

FOLDER = Path(__file__).parents[1] / ".pictures"
SIZES = {"terminal": (720, 1200), "preview": (1120, 1240), "proof": (1120, 1100)}  # pixels
PERIOD = ("--from", "2026-10-01", "--to", "2026-11-30")
TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #14171c; color: #d7dce3; }}
pre {{ margin: 0; padding: 20px 24px; font: 14px/1.45 "DejaVu Sans Mono", monospace; }}
b {{ color: #7fd1a8; font-weight: 600; }}
</style><pre>{text}</pre>"""


def terminal(job: Served, *commands: tuple[str, ...]) -> str:
    """Return commands and what they print, as a page."""
    parts = []
    for command in commands:
        # -v: as at a terminal, where no program reads what is said.
        said = job.process(*command, "-v", LANG="en_GB.UTF-8").stdout.rstrip()
        parts.append(f"<b>$ woo2po {escape(' '.join(command))}</b>\n{escape(said)}\n")
    return TERMINAL.format(text="\n".join(parts))


def drawn(browser: Browser, page: Path, *, width: int, at_most: int) -> bytes:
    """Return a picture of a page, as high as the page is, but for `at_most` pixels."""
    browser.open(page, width=width)
    height = int(browser.run("return document.documentElement.scrollHeight"))
    return browser.image_of(width, min(height, at_most))


def main() -> None:
    """Make all of them."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        root = Path(folder)
        with served(root, recorded_names()) as job:
            job.process("run", "--dry-run", "--html", str(root / "preview.html"))
            text = terminal(job, ("run",), ("status",), ("reconcile", *PERIOD))
            (root / "terminal.html").write_text(text.partition("\nPer day")[0], "utf-8")
            job.process("reconcile", *PERIOD, "--html", str(root / "proof.html"))
        for name, (width, height) in SIZES.items():
            picture = drawn(browser, root / f"{name}.html", width=width, at_most=height)
            (FOLDER / f"{name}.png").write_bytes(picture)


if __name__ == "__main__":
    main()
