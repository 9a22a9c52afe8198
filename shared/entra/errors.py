"""What Entra ID answers when it refuses, as errors of the service."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from shared.domain.connection import SignInLost
from shared.domain.errors import NeedsUser, ServiceError, Transient

_NUMBER = re.compile(r"AADSTS(\d{4,8})")
_PASSES_BY_ITSELF = frozenset({"temporarily_unavailable", "server_error"})
_OPERATORS_FAULT = frozenset({"invalid_client", "unauthorized_client", "invalid_request", "invalid_scope"})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a sign-in was refused: our code, and what happened and what to do in two sentences."""

    code: str
    message: str


_APPROVAL = Reason(
    "adminApprovalRequired",
    "This application needs the approval of an administrator of your directory. "
    "Ask a Global Administrator to grant access for all users, then sign in again.",
)
_MULTI_FACTOR = Reason(
    "multiFactorRequired",
    "Your directory asks for multifactor authentication. Sign in again and complete it.",
)
_POLICY = Reason(
    "conditionalAccess",
    "A Conditional Access policy of your directory blocked this sign-in. "
    "Ask an administrator of your directory to allow this application.",
)
_NO_DYNAMICS = Reason(
    "dynamicsNotInDirectory",
    "This directory has no Dynamics 365. "
    "Check the Organization URL and sign in with an account of its directory.",
)
_UNKNOWN_APPLICATION = Reason(
    "applicationNotInDirectory",
    "This application is not known in your directory. "
    "A Global Administrator has to connect first and approve the application.",
)
_SIGN_IN_OVER = Reason("signInOver", "The sign-in is no longer valid. Sign in again.")
_PASSWORD = Reason("passwordChanged", "The password was changed or all sessions were ended. Sign in again.")
_APPLICATION = Reason(
    "applicationRefused",
    "Entra ID does not accept this service's own registration. Tell whoever operates this service.",
)
_CANCELLED = Reason("signInCancelled", "The sign-in was cancelled. Start again when you are ready.")
_OTHER = Reason("signInRefused", "Entra ID refused the sign-in. Try again, or sign in with another account.")

# Meanings: "Microsoft Entra authentication and authorization error codes".
REASONS: dict[int, Reason] = {
    65001: _APPROVAL,
    90094: _APPROVAL,
    90095: _APPROVAL,
    65004: Reason(
        "consentDeclined",
        "The permission that this application asked for was declined. Sign in again and accept it.",
    ),
    50020: Reason(
        "wrongDirectory",
        "This account belongs to another directory than the organization. "
        "Sign in with an account of the organization's own directory.",
    ),
    50034: Reason(
        "accountUnknown", "This account does not exist in the directory. Sign in with another account."
    ),
    50057: Reason(
        "accountDisabled",
        "This account is disabled in its directory. Sign in with another account, or ask an administrator.",
    ),
    50105: Reason(
        "accountNotAssigned",
        "This account is not assigned to this application. "
        "Ask an administrator of your directory to assign it.",
    ),
    50072: _MULTI_FACTOR,
    50074: _MULTI_FACTOR,
    50076: _MULTI_FACTOR,
    50078: _MULTI_FACTOR,
    50079: _MULTI_FACTOR,
    53000: _POLICY,
    53001: _POLICY,
    53002: _POLICY,
    53003: _POLICY,
    53004: _POLICY,
    500011: _NO_DYNAMICS,
    650052: _NO_DYNAMICS,
    700011: _UNKNOWN_APPLICATION,
    700016: _UNKNOWN_APPLICATION,
    7000229: _UNKNOWN_APPLICATION,
    90002: Reason("directoryUnknown", "The directory does not exist. Check the Organization URL."),
    50132: _PASSWORD,
    50133: _PASSWORD,
    50173: _PASSWORD,
    54005: _SIGN_IN_OVER,
    70000: _SIGN_IN_OVER,
    70008: _SIGN_IN_OVER,
    70043: _SIGN_IN_OVER,
    700082: _SIGN_IN_OVER,
    700084: _SIGN_IN_OVER,
    50011: _APPLICATION,
    650057: _APPLICATION,
    70002: _APPLICATION,
    700027: _APPLICATION,
    7000215: _APPLICATION,
    7000222: _APPLICATION,
}


def sign_in_refused(answer: Mapping[str, Any]) -> ServiceError:
    """The error for an answer with `error`, from the sign-in page or for the code it gave."""
    if answer.get("error") in _PASSES_BY_ITSELF:
        return unavailable(_detail(answer))
    reason = _reason(answer)
    return NeedsUser(reason.code, reason.message, detail=_detail(answer))


def refresh_refused(answer: Mapping[str, Any]) -> ServiceError:
    """The error for a refused refresh: whoever signed in has to do so again, unless it is our own fault."""
    if answer.get("error") in _PASSES_BY_ITSELF:
        return unavailable(_detail(answer))
    reason = _reason(answer)
    if reason is _APPLICATION:
        return NeedsUser(reason.code, reason.message, detail=_detail(answer))
    return SignInLost(
        reason.code,
        f"The connection to Dynamics has to be renewed. {reason.message}",
        detail=_detail(answer),
    )


def is_refused_grant(answer: Mapping[str, Any]) -> bool:
    """Whether the refresh token itself was refused, which another worker's refresh can cause as well."""
    return answer.get("error") == "invalid_grant"


def not_signed_in() -> SignInLost:
    """The error where no sign-in is kept for whoever is to act."""
    return SignInLost("signInMissing", "Nobody is signed in to Dynamics for this any more. Connect again.")


def unavailable(detail: str) -> Transient:
    """The error for an Entra ID that does not answer, or not sensibly."""
    return Transient(
        "signInUnavailable",
        "Microsoft's sign-in service does not answer at the moment. Try again in a minute.",
        detail=detail,
    )


@contextmanager
def entra_faults() -> Iterator[None]:
    """Turns network trouble, and an Entra ID in trouble, into Transient."""
    import requests
    from msal.exceptions import MsalServiceError

    try:
        yield
    except (requests.RequestException, MsalServiceError) as error:
        raise unavailable(type(error).__name__) from error


def _reason(answer: Mapping[str, Any]) -> Reason:
    for number in _numbers(answer):
        if number in REASONS:
            return REASONS[number]
    error = answer.get("error")
    if error in _OPERATORS_FAULT:
        return _APPLICATION
    return {"access_denied": _CANCELLED, "consent_required": _APPROVAL}.get(str(error), _OTHER)


def _numbers(answer: Mapping[str, Any]) -> list[int]:
    listed = answer.get("error_codes")
    numbers = [number for number in listed if isinstance(number, int)] if isinstance(listed, list) else []
    return numbers or [int(found) for found in _NUMBER.findall(str(answer.get("error_description", "")))]


def _detail(answer: Mapping[str, Any]) -> str:
    """Without the description: it names people."""
    numbers = " ".join(f"AADSTS{number}" for number in _numbers(answer))
    traces = (str(answer.get(name, "")) for name in ("trace_id", "correlation_id"))
    shown = " ".join(text for text in traces if re.fullmatch(r"[0-9a-fA-F-]{36}", text))
    return f"{str(answer.get('error'))[:64]} {numbers} {shown}".strip()
