"""How this service proves to Entra ID that it is itself: a secret locally, a managed identity in Azure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

# "Configure an application to trust a managed identity": one audience a cloud.
_EXCHANGE_AUDIENCES = {
    "login.microsoftonline.com": "api://AzureADTokenExchange",
    "login.microsoftonline.us": "api://AzureADTokenExchangeUSGov",
    "login.partner.microsoftonline.cn": "api://AzureADTokenExchangeChina",
}

ClientCredential = Callable[[str], Any]
"""Sign-in host to MSAL's `client_credential`."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A client secret, for one machine."""

    secret: str = field(repr=False)

    def __call__(self, login_host: str) -> str:  # noqa: ARG002 - a secret is the same in every cloud
        return self.secret


class IdentityAssertion:
    """Tokens of a managed identity, which the application trusts as a federated credential."""

    def __init__(self, client_id: str) -> None:
        self._client_id = client_id
        self._made: list[TokenCredential] = []

    def __call__(self, login_host: str) -> dict[str, Callable[[], str]]:
        scope = f"{_EXCHANGE_AUDIENCES[login_host]}/.default"
        return {"client_assertion": lambda: self._identity().get_token(scope).token}

    def _identity(self) -> "TokenCredential":
        """Kept, because it remembers its token. Two threads may make two at first, which is harmless."""
        from azure.identity import ManagedIdentityCredential

        if not self._made:
            self._made.append(ManagedIdentityCredential(client_id=self._client_id))
        return self._made[0]
