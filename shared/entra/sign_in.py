"""Signing a person in: the address to go to, and what the answer is worth."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from shared.domain.errors import InvalidRequest
from shared.domain.ids import DirectoryId
from shared.domain.organization import OrganizationUrl
from shared.entra.applications import Applications
from shared.entra.errors import entra_faults, sign_in_refused
from shared.entra.id_tokens import DirectoryKeys, check_id_token, issuer_of

if TYPE_CHECKING:
    import msal

_AUTHORIZE = "/oauth2/v2.0/authorize"
_ADMIN_CONSENT = "/v2.0/adminconsent"
_POSTED = "form_post"
"""What MSAL warns without. Our callback is a GET, so the address is changed after MSAL has made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in under way: where the browser goes, and MSAL's memory of it, to be kept on our side."""

    authorization_url: str
    flow: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who signed in, and the tokens that came with it."""

    account_id: str
    account_name: str
    directory: DirectoryId
    object_id: str
    access_token: str = field(repr=False)
    cache: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """The authorization-code flow with PKCE, and the admin consent beside it."""

    applications: Applications
    redirect_uri: str

    def begin(
        self,
        organization: OrganizationUrl,
        directory: DirectoryId,
        *,
        state: str,
        login_hint: str | None = None,
    ) -> Begun:
        """Starts a sign-in in the organization's directory."""
        flow = self._application(organization, directory).initiate_auth_code_flow(
            scopes=[organization.scope],
            redirect_uri=self.redirect_uri,
            state=state,
            prompt=None if login_hint else "select_account",
            login_hint=login_hint,
            response_mode=_POSTED,
        )
        url = flow["auth_uri"].replace(f"response_mode={_POSTED}", "response_mode=query")
        return Begun(authorization_url=url, flow=json.dumps(flow))

    def redeem(
        self,
        organization: OrganizationUrl,
        directory: DirectoryId,
        *,
        flow: str,
        answer: Mapping[str, str],
    ) -> SignedIn:
        """Who signed in. NeedsUser when Entra ID refused, InvalidRequest for an answer to another sign-in."""
        import msal

        check_issuer(organization, directory, answer)
        cache = msal.SerializableTokenCache()
        application = self._application(organization, directory, cache)
        try:
            with entra_faults():
                result = application.acquire_token_by_auth_code_flow(json.loads(flow), dict(answer))
        except ValueError as error:  # MSAL: the state differs, or there is neither a code nor an error
            raise _foreign(str(error)[:100]) from error
        except RuntimeError as error:  # MSAL: the nonce differs
            raise _foreign("the nonce differs") from error
        if "error" in result:
            raise sign_in_refused(result)
        self._check_id_token(organization, directory, str(result.get("id_token", "")))
        return _signed_in(application, result, cache.serialize())

    def _check_id_token(self, organization: OrganizationUrl, directory: DirectoryId, token: str) -> None:
        """Which MSAL reads, and believes because of the connection it came over."""
        http, client_id = self.applications.http, self.applications.client_id
        keys = DirectoryKeys(http, organization, directory)
        check_id_token(token, keys.find, client_id, organization.cloud.login_host, now=http.now())

    def admin_consent_url(self, organization: OrganizationUrl, directory: DirectoryId, *, state: str) -> str:
        """Where an administrator grants access for all users of the directory.

        Derived from the discovered authorization endpoint, beside which it stands
        ("Admin consent on the Microsoft identity platform").
        """
        endpoint: str = self._application(organization, directory).authority.authorization_endpoint
        query = {
            "client_id": self.applications.client_id,
            "scope": f"{organization}/.default",
            "redirect_uri": self.redirect_uri,
            "state": state,
        }
        return f"{endpoint.removesuffix(_AUTHORIZE)}{_ADMIN_CONSENT}?{urlencode(query)}"

    def prove_application(self, organization: OrganizationUrl, directory: DirectoryId) -> None:
        """Gets a token as the application itself; NeedsUser where the directory has not approved it."""
        with entra_faults():
            result = self._application(organization, directory).acquire_token_for_client(
                [f"{organization}/.default"]
            )
        if "error" in result:
            raise sign_in_refused(result)

    def _application(
        self, organization: OrganizationUrl, directory: DirectoryId, cache: Any = None
    ) -> "msal.ConfidentialClientApplication":
        try:
            return self.applications.of(organization, directory, cache)
        except ValueError as error:  # MSAL: no discovery document
            raise InvalidRequest(
                "directoryUnknown",
                "The directory of this organization does not exist any more. Check the Organization URL.",
                detail=str(error)[:200],
            ) from error


def check_issuer(organization: OrganizationUrl, directory: DirectoryId, answer: Mapping[str, str]) -> None:
    """InvalidRequest for an answer that names another issuer (RFC 9207); Entra ID need not name any."""
    expected = issuer_of(organization, directory)
    if answer.get("iss", expected) != expected:
        raise _foreign("another issuer answered")


def _foreign(detail: str) -> InvalidRequest:
    return InvalidRequest(
        "signInAnswerInvalid",
        "The answer of the sign-in page does not belong to this sign-in. Start again.",
        detail=detail,
    )


def _signed_in(
    application: "msal.ConfidentialClientApplication", result: Mapping[str, Any], cache: str
) -> SignedIn:
    claims = result.get("id_token_claims") or {}
    accounts = application.get_accounts()
    if not accounts or not claims.get("tid") or not claims.get("oid"):
        raise sign_in_refused({"error": "server_error", "error_description": "no account in the answer"})
    return SignedIn(
        account_id=accounts[0]["home_account_id"],
        account_name=str(claims.get("preferred_username") or claims.get("name") or claims["oid"]),
        directory=DirectoryId(str(claims["tid"]).lower()),
        object_id=str(claims["oid"]).lower(),
        access_token=result["access_token"],
        cache=cache,
    )
