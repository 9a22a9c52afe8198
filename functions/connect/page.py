"""The page on which a sign-in ends: tells the window that opened it, and closes."""

import html
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from string import Template
from typing import Any

from functions.connect.approvals import Waiting
from shared.domain.connection import ProvenSignIn

_SCRIPT = """
const page = document.body.dataset;
const origins = JSON.parse(page.origins);
if (window.opener) {
  for (const origin of origins) window.opener.postMessage(JSON.parse(page.message), origin);
  if (!page.stays) window.close();
}
"""
_STYLE = """
body { font: 16px/1.5 "Segoe UI", system-ui, sans-serif; margin: 15vh auto; max-width: 32rem; padding: 0 1rem;
  color: #242424; background: #fff; }
h1 { font-size: 1.5rem; font-weight: 600; }
code { color: #616161; } .link { overflow-wrap: anywhere; user-select: all; }
@media (prefers-color-scheme: dark) { body { color: #fff; background: #292929; } code { color: #adadad; } }
"""
_PAGE = Template(
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>$title</title>
$refresh<style nonce="$nonce">$style</style>
</head>
<body data-message="$message_data" data-origins="$origins"$stays>
<main>
<h1>$title</h1>
<p>$message</p>
$more
<p><code>$code</code></p>
</main>
<script nonce="$nonce">$script</script>
</body>
</html>
"""
)


_CLOSE = "<p>You can close this window.</p>"
_SEND = Template(
    """<p>Send this link to an administrator of your directory. It is good for seven days:</p>
<p><code class="link">$link</code></p>
<p>Leave this window open: it goes on by itself once the link was approved.</p>"""
)
_WHO = Template("<p>$who to $organization, started by user $user of $tenant. Was that not you? $advice</p>")
_DISCONNECT = "Close this window and ask your administrator to disconnect."
_LEAVE = "Close this window: nothing is connected, and nothing will be."
_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page tells, the window that opened it and the person."""

    ok: bool
    code: str
    message: str
    sign_in: ProvenSignIn | None = None
    confirmation: str | None = field(default=None, repr=False)
    waiting: Waiting | None = None


def page(shown: Shown, *, origins: Collection[str], nonce: str) -> str:
    """The page. Its message goes to these origins only, whoever opened it; one that waits asks again."""
    told: dict[str, Any] = {"type": "dynamics-connection", "ok": shown.ok, "code": shown.code}
    if shown.confirmation is not None:
        told["confirmation"] = shown.confirmation
    return _PAGE.substitute(
        title=_title(shown),
        refresh=_refresh(shown.waiting),
        message=html.escape(shown.message),
        more=_more(shown),
        code=html.escape(shown.code),
        message_data=html.escape(json.dumps(told)),
        origins=html.escape(json.dumps(sorted(origins))),
        stays=' data-stays="yes"' if shown.waiting else "",
        nonce=html.escape(nonce),
        style=_STYLE,
        script=_SCRIPT,
    )


def _title(shown: Shown) -> str:
    if shown.waiting:
        return "Waiting for an approval"
    if shown.confirmation:
        return "Signed in, not connected yet"
    return "Connected to Dynamics 365" if shown.ok else "Not connected to Dynamics 365"


def _refresh(waiting: Waiting | None) -> str:
    if waiting is None:
        return ""
    return f'<meta http-equiv="refresh" content="{_SECONDS}; url={html.escape(waiting.page)}">\n'


def _more(shown: Shown) -> str:
    if shown.waiting:
        return _SEND.substitute(link=html.escape(shown.waiting.link)) if shown.waiting.link else ""
    sign_in = shown.sign_in
    if sign_in is None:
        return _CLOSE
    account = sign_in.connection.account_name if sign_in.connection else None
    who = _WHO.substitute(
        who=f"Signed in as {html.escape(account)}" if account else "Approved for all users",
        organization=html.escape(sign_in.organization.url),
        user=html.escape(sign_in.user),
        tenant=html.escape(sign_in.tenant),
        advice=_LEAVE if shown.confirmation else _DISCONNECT,
    )
    return who if shown.confirmation else f"{who}\n{_CLOSE}"


def policy(nonce: str) -> str:
    """The Content-Security-Policy under which only the page's own script and style run."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
