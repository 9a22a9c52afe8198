import pytest

from tests.unit.export_api.export_desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
