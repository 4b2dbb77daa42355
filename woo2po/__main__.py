"""`python -m woo2po`, and the command itself: hear signals first, then the command line."""

import gc
import os
import signal
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line, from whose first import on a signal ends the program with 3.

    Raised as an exception it would be lost where Python swallows those: in the callbacks of an
    import, say. What has begun to ask and write hears signals by itself (stopping.py).
    """
    for name, how in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed: what is opened next would take its place
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), how))
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):  # the last on Windows only
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _end)
    # What imports make is no garbage: looking for cycles in it is a tenth of an idle run.
    gc.set_threshold(100_000)
    # Where it is installed, httpcore imports it for nothing: a quarter of an idle run.
    sys.modules.setdefault("trio", None)  # type: ignore[arg-type]
    from woo2po.cli import main as command_line  # noqa: PLC0415

    command_line()


def _end(_number: int, _frame: object) -> NoReturn:
    os._exit(3)  # nothing has begun yet


if __name__ == "__main__":
    main()
