"""Callers' tokens of a local stack: what a user of the vendor's product would hold."""

import requests

from local.errors import DevError

_TIMEOUT_SECONDS = 60


def caller_token(entra: str, tenant: str, user: str, *, admin: bool | None = None) -> str:
    """A token of one person; where admin is None the demo world says whether that person is one."""
    wanted: dict[str, str | bool] = {"tenant": tenant, "user": user}
    if admin is not None:
        wanted["admin"] = admin
    with loopback_session() as session:
        answer = session.post(f"{entra}/callers/token", json=wanted, timeout=_TIMEOUT_SECONDS)
    content = answer.json()
    if answer.status_code != 200:
        raise DevError(f"the Entra ID emulator gave no token: {content['error_description']}")
    return str(content["access_token"])


def loopback_session() -> requests.Session:
    """A session for servers on this machine, which no proxy of the environment can reach."""
    session = requests.Session()
    session.trust_env = False
    return session
