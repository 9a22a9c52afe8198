"""The whole stack, with two connected tenants, and everybody who may try something."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack import Stack, StackOptions, running_stack
from tests.e2e.conversation import Talk, connect

_ADA = "ada.lindqvist@contoso.example"
_GRETA = "greta.holm@fabrikam.example"
_UNLIMITED = dict.fromkeys(("LIMIT_REQUESTS_PER_MINUTE", "LIMIT_USER_REQUESTS_PER_MINUTE"), "1000000")


@pytest.fixture(scope="session")
def stack_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attacked")


@pytest.fixture(scope="session")
def stack(stack_folder: Path) -> Iterator[Stack]:
    with running_stack(stack_folder, StackOptions(settings=_UNLIMITED)) as running:
        connect(Talk(running, "contoso", "ada"), _ADA)
        connect(Talk(running, "fabrikam", "greta"), _GRETA)
        yield running


@pytest.fixture
def ada(stack: Stack) -> Talk:
    """An administrator of Contoso."""
    return Talk(stack, "contoso", "ada")


@pytest.fixture
def bruno(stack: Stack) -> Talk:
    """A user of Contoso."""
    return Talk(stack, "contoso", "bruno")


@pytest.fixture
def greta(stack: Stack) -> Talk:
    """An administrator of Fabrikam."""
    return Talk(stack, "fabrikam", "greta")


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[Stack]:
    """A stack for a test that destroys; as in Azure, sign-ins wait to be confirmed."""
    settings = {**_UNLIMITED, "CONNECT_CONFIRMATION": "required"}
    with running_stack(tmp_path / "own", StackOptions(settings=settings)) as running:
        connect(Talk(running, "contoso", "ada"), _ADA)
        yield running
