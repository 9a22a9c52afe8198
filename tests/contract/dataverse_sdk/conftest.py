"""Microsoft's Python SDK, unchanged, as a client of the emulator over https."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from azure.core.credentials import AccessToken
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.config import DataverseConfig

from tests.contract.dataverse.running_dataverse import Directory, Organization, running

FAR_FUTURE = 4_000_000_000


@dataclass(frozen=True)
class Credential:
    """A credential of Azure's kind that the tests' own directory signs."""

    token: str

    def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        return AccessToken(self.token, FAR_FUTURE)


@pytest.fixture(scope="session")
def sdk_directory() -> Iterator[Directory]:
    found = Directory()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture(scope="session")
def sdk_address(sdk_directory: Directory, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The emulator's https address; its certificate is trusted by whoever uses requests."""
    folder: Path = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(folder / "chain.pem"))
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    tls = ("--tls-cert", folder / "chain.pem", "--tls-key", folder / "key.pem")
    with pytest.MonkeyPatch.context() as patch, running("--entra", sdk_directory.address, *tls) as found:
        patch.setenv("REQUESTS_CA_BUNDLE", str(folder / "authority.pem"))
        yield found


@pytest.fixture
def plain(sdk_address: str, sdk_directory: Directory) -> Iterator[Organization]:
    """The organization without the SDK, empty; what the SDK wrote is read back through it."""
    organization = Organization(sdk_address, sdk_directory.token())
    organization.control("POST", "reset?organization=contoso.crm4.dynamics.com")
    with organization.session:
        yield organization


@pytest.fixture
def client(sdk_address: str, sdk_directory: Directory, plain: Organization) -> Iterator[DataverseClient]:
    """Microsoft's client, as the organization's administrator."""
    config = DataverseConfig(http_retries=1)
    with DataverseClient(sdk_address, Credential(sdk_directory.token()), config) as found:
        yield found
