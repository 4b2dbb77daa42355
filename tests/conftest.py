"""What several test files share."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from folders import IN_MEMORY, fresh
from world import World

if IN_MEMORY:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))  # where tmp_path is
# To compile the program takes a process longer than what most tests ask of it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than processors: some tests wait for processes, sockets and a browser."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="module")
def folders() -> Iterator[Iterator[Path]]:
    """New folders, one for each world that a test makes."""
    with tempfile.TemporaryDirectory(prefix="woo2po-", dir=IN_MEMORY) as root:
        yield fresh(Path(root))


@pytest.fixture
def world() -> Iterator[World]:
    """A shop without orders, a company without customers, and the job between them."""
    with tempfile.TemporaryDirectory(prefix="woo2po-", dir=IN_MEMORY) as folder:
        yield World(Path(folder))


@pytest.fixture(scope="session", autouse=True)
def _a_home_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or leaves anything in the folders of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said before a configuration is known comes in the language of the environment."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture(autouse=True)
def _the_log_as_before() -> Iterator[None]:
    """A command that a test calls sets the log up for its process: here that is all tests'."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
