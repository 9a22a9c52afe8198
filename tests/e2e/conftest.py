"""The whole stack, once for all tests that ask for it (once for each worker of pytest-xdist)."""

from collections.abc import Iterator

import pytest

from local.stack import Stack, running_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running
