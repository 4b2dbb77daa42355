"""What several test files share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop without orders, a company without customers, and the job between them."""
    return World(tmp_path)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """New folders, one for each world that a test makes."""

    def fresh() -> Iterator[Path]:
        while True:
            yield tmp_path_factory.mktemp("world")

    return fresh()
