"""`python -m woo2po`."""

from woo2po.cli import main

main()
