"""The commands: options to one call, its answer to text and exit code. No logic.

Each imports its work itself, so that `--help` and an idle poll stay quick. A new one is a function
here, its name in cli.py, its row in the README, its sentences in messages/.

call.py      what they share: the configuration, the clock, how a command ends
orders.py    run, status, show, retry, skip, explain, move, reconcile, payouts
setup.py     init, check, probe, schedule, demo, sandbox
"""
