import subprocess
import sys
from collections.abc import Iterator

import pytest
from signing_in import CONTOSO, FABRIKAM, ROOT, end_emulator

from shared.domain.organization import parse_organization_url
from shared.entra.directory import directory_of
from shared.transport import session


@pytest.fixture(scope="module")
def dataverse() -> Iterator[str]:
    command = [sys.executable, "-m", "local.emulators.dataverse", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().split()[-1]
    end_emulator(process)


@pytest.mark.parametrize(
    ("url", "directory"),
    [("https://contoso.crm4.dynamics.com", CONTOSO), ("https://fabrikam.crm.dynamics.com", FABRIKAM)],
)
def test_each_organization_names_its_own_directory(dataverse: str, url: str, directory: str) -> None:
    with session({".dynamics.com": dataverse}) as made:
        assert directory_of(made, parse_organization_url(url)) == directory
