"""The commands: options to one call, its answer to text and exit code. No logic.

Each imports its work itself, so that `--help` and an idle poll stay quick.

call.py       what they share: the configuration, the clock, how a command ends
spoken.py     their help, and what was typed wrongly, in the language of the environment
run.py        run
orders.py     status, show, retry, skip
shops.py      status of all shops of a folder
proof.py      reconcile
trials.py     check; probing.py: check --probe
schedule.py   schedule
stand_ins.py  demo, sandbox
"""
