"""What the job costs: requests, time and memory, as the installed command against the sandbox.

Each module is a command and says how it is called; none belongs to the suite.
"""

import tests.lives  # noqa: F401 (which finds what the tests share)
