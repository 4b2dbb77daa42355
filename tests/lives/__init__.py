"""Random lives of a shop, its accountants and the job between them, against a model of the books.

    python -m tests.lives --lives 1000 --seed 1
    python -m tests.lives --replay '{"beginning": {...}, "steps": [["order", {...}], ["run"]]}'

A life is plain data: a beginning (the shop, the company, the settings) and steps, each a name
and its arguments. `script` makes lives up, `lived` lives them, `model` tells what is wrong with
the books afterwards, computed from the shop's own figures.
"""

import sys
from pathlib import Path

_TESTS = str(Path(__file__).parents[1])
if _TESTS not in sys.path:
    sys.path.insert(0, _TESTS)
