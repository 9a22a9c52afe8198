from collections.abc import Iterator

import pytest

from tests.recorded import Recorded, recording


@pytest.fixture
def recorded() -> Iterator[Recorded]:
    with recording() as made:
        yield made
