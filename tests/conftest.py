"""What several test files share."""

from pathlib import Path

import pytest
from world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop without orders, a company without customers, and the job between them."""
    return World(tmp_path)
