"""`sandbox` by hand: what is typed there is done, and the job finds it."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from served import Served, invoked, served

from woo2po.desk import Desk
from woo2po.messages import say_both
from woo2po.messages.sandbox import SANDBOX
from woo2po.money import to_ore  # noqa: F401
