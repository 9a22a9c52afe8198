"""MSAL's application objects: one for each directory and token cache, cheap to make."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.domain.ids import DirectoryId
from shared.domain.organization import OrganizationUrl
from shared.entra.credential import ClientCredential
from shared.entra.discovery import EntraHttp
from shared.entra.errors import entra_faults

if TYPE_CHECKING:
    import msal


@dataclass(frozen=True, slots=True)
class Applications:
    """Makes the application that signs in to a directory of an organization's cloud."""

    client_id: str
    credential: ClientCredential = field(repr=False)
    http: EntraHttp

    def of(
        self, organization: OrganizationUrl, directory: DirectoryId, cache: Any = None
    ) -> "msal.ConfidentialClientApplication":
        """The application; Transient when Entra ID does not answer, ValueError for an unknown directory."""
        import msal

        with entra_faults():
            return msal.ConfidentialClientApplication(
                self.client_id,
                client_credential=self.credential(organization.cloud.login_host),
                authority=organization.authority(directory),
                token_cache=cache,
                http_client=self.http,
                instance_discovery=False,
            )
