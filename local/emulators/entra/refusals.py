"""The AADSTS codes that are emulated, each with its OAuth error and its sentence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """What one AADSTS code says; `{names}` in the message are filled in where it is raised."""

    error: str
    message: str
    status: int = 400
    suberror: str | None = None


# "Microsoft Entra authentication and authorization error codes"; the sources of the OAuth error beside
# each code are in FIDELITY.md.
REFUSALS: dict[int, Refusal] = {
    50011: Refusal(
        "invalid_request",
        "The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs "
        "configured for the application '{client_id}'. Make sure the redirect URI sent in the request "
        "matches one added to your application.",
    ),
    50020: Refusal(
        "invalid_grant",
        "User account '{email}' from identity provider 'https://sts.windows.net/{home}/' does not exist in "
        "tenant '{tenant}' and cannot access the application '{client_id}' in that tenant. The account "
        "needs to be added as an external user in the tenant first.",
    ),
    50027: Refusal(
        "invalid_client",
        "JWT token is invalid or malformed. {reason}",
        401,
    ),
    50057: Refusal(
        "invalid_grant",
        "The user account is disabled.",
    ),
    50058: Refusal(
        "login_required",
        "Session information is not sufficient for single-sign-on: no user is signed in and prompt=none was"
        " asked for.",
    ),
    50059: Refusal(
        "invalid_request",
        "No tenant-identifying information found in either the request or implied by any provided "
        "credentials.",
    ),
    50076: Refusal(
        "interaction_required",
        "Due to a configuration change made by your administrator, or because you moved to a new location, "
        "you must use multi-factor authentication to access '{resource}'.",
        suberror="basic_action",
    ),
    50147: Refusal(
        "invalid_request",
        "The size of the code challenge parameter is not valid.",
    ),
    50173: Refusal(
        "invalid_grant",
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user "
        "might have changed or reset their password. The grant was issued on '{issued}' and the "
        "TokensValidFrom date (before which tokens are not valid) for this user is '{valid_from}'.",
        suberror="bad_token",
    ),
    53003: Refusal(
        "invalid_grant",
        "Access has been blocked by Conditional Access policies. The access policy does not allow token "
        "issuance.",
        suberror="message_only",
    ),
    54005: Refusal(
        "invalid_grant",
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an "
        "existing refresh token.",
    ),
    65001: Refusal(
        "invalid_grant",
        "The user or administrator has not consented to use the application with ID '{client_id}' named "
        "'{name}'. Send an interactive authorization request for this user and resource.",
        suberror="consent_required",
    ),
    65004: Refusal(
        "access_denied",
        "User declined to consent to access the app.",
    ),
    70000: Refusal(
        "invalid_grant",
        "Provided grant is invalid or malformed.",
    ),
    70003: Refusal(
        "unsupported_grant_type",
        "The app requested an unsupported grant type '{grant_type}'.",
    ),
    70007: Refusal(
        "invalid_request",
        "'{response_mode}' is not a supported value of 'response_mode' for this request.",
    ),
    70008: Refusal(
        "invalid_grant",
        "The provided authorization code or refresh token has expired due to inactivity. Send a new "
        "interactive authorization request for this user and resource.",
    ),
    70011: Refusal(
        "invalid_scope",
        "The provided request must include a 'scope' input parameter. The provided value for the input "
        "parameter 'scope' is not valid. The scope '{scope}' is not valid.",
    ),
    90002: Refusal(
        "invalid_tenant",
        "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing "
        "into the correct cloud. Check with your subscription administrator, this may happen if there are "
        "no active subscriptions for the tenant.",
    ),
    90013: Refusal(
        "invalid_request",
        "Invalid input received from the user. {reason}",
    ),
    90033: Refusal(
        "temporarily_unavailable",
        "A transient error has occurred. Please try again.",
        503,
    ),
    90055: Refusal(
        "temporarily_unavailable",
        "There are too many incoming requests for this tenant.",
        429,
    ),
    90094: Refusal(
        "access_denied",
        "The grant requires admin permission.",
    ),
    90100: Refusal(
        "invalid_request",
        "{parameter} parameter is empty or not valid.",
    ),
    500011: Refusal(
        "invalid_resource",
        "The resource principal named {resource} was not found in the tenant named {tenant}. This can "
        "happen if the application has not been installed by the administrator of the tenant or consented "
        "to by any user in the tenant. You might have sent your authentication request to the wrong tenant.",
    ),
    501481: Refusal(
        "invalid_grant",
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
    ),
    650053: Refusal(
        "access_denied",
        "The application '{name}' asked for scope '{scope}' that doesn't exist on the resource '{api}'. "
        "Contact the app vendor.",
    ),
    650057: Refusal(
        "invalid_resource",
        "Invalid resource. The client has requested access to a resource which is not listed in the "
        "requested permissions in the client's application registration. Client app ID: "
        "{client_id}({name}). Resource value from request: {resource}. Resource app ID: {api}. List of "
        "valid resources from app registration: {valid}.",
    ),
    700005: Refusal(
        "invalid_grant",
        "Provided Authorization Code is intended to use against other tenant, thus rejected. OAuth2 "
        "Authorization Code must be redeemed against same tenant it was acquired for (/common or /{{tenant-"
        "ID}} as appropriate).",
    ),
    700016: Refusal(
        "unauthorized_client",
        "Application with identifier '{client_id}' was not found in the directory '{tenant}'. This can "
        "happen if the application has not been installed by the administrator of the tenant or consented "
        "to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
    ),
    700022: Refusal(
        "invalid_request",
        "The provided value for the input parameter scope is not valid because it contains more than one "
        "resource. Scope {scope} is not valid.",
    ),
    700024: Refusal(
        "invalid_client",
        "Client assertion is not within its valid time range.",
        401,
    ),
    700027: Refusal(
        "invalid_client",
        "Client assertion failed signature validation.",
        401,
    ),
    700054: Refusal(
        "unsupported_response_type",
        "response_type '{response_type}' is not enabled for the application.",
    ),
    700082: Refusal(
        "invalid_grant",
        "The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive"
        " for 90.00:00:00.",
        suberror="bad_token",
    ),
    700211: Refusal(
        "invalid_client",
        "No matching federated identity record found for presented assertion issuer '{issuer}'. Check your "
        "federated identity credential Subject, Audience and Issuer against the presented assertion.",
        401,
    ),
    700212: Refusal(
        "invalid_client",
        "No matching federated identity record found for presented assertion audience '{audience}'. Check "
        "your federated identity credential Subject, Audience and Issuer against the presented assertion.",
        401,
    ),
    700213: Refusal(
        "invalid_client",
        "No matching federated identity record found for presented assertion subject '{subject}'. Check "
        "your federated identity credential Subject, Audience and Issuer against the presented assertion.",
        401,
    ),
    900144: Refusal(
        "invalid_request",
        "The request body must contain the following parameter: '{parameter}'.",
    ),
    900561: Refusal(
        "invalid_request",
        "The endpoint only accepts {accepted} requests. Received a {received} request.",
    ),
    1002012: Refusal(
        "invalid_scope",
        "The provided value for scope {scope} is not valid. Client credential flows must have a scope value"
        " with /.default suffixed to the resource identifier (application ID URI).",
    ),
    7000215: Refusal(
        "invalid_client",
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "
        "value, not the client secret ID, for a secret added to app '{client_id}'.",
        401,
    ),
    7000218: Refusal(
        "invalid_client",
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        401,
    ),
    7000229: Refusal(
        "invalid_client",
        "The client application {client_id} is missing service principal in the tenant {tenant}.",
        401,
    ),
    9001023: Refusal(
        "invalid_request",
        "The grant type is not supported over the /common or /consumers endpoints. Please use the "
        "/organizations or tenant-specific endpoint.",
    ),
    9002332: Refusal(
        "invalid_request",
        "This application is configured for use by Microsoft Entra users only. Please do not use the "
        "/consumers endpoint to serve this request.",
    ),
}
