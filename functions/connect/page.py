"""The page on which a sign-in ends: tells the window that opened it, and closes."""

import html
import json
from collections.abc import Collection
from string import Template

_SCRIPT = """
const page = document.body.dataset;
const origins = JSON.parse(page.origins);
if (window.opener) {
  for (const origin of origins) window.opener.postMessage(JSON.parse(page.message), origin);
  window.close();
}
"""
_STYLE = """
body { font: 16px/1.5 "Segoe UI", system-ui, sans-serif; margin: 15vh auto; max-width: 32rem; padding: 0 1rem;
  color: #242424; background: #fff; }
h1 { font-size: 1.5rem; font-weight: 600; }
code { color: #616161; }
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
<style nonce="$nonce">$style</style>
</head>
<body data-message="$message_data" data-origins="$origins">
<main>
<h1>$title</h1>
<p>$message</p>
<p>You can close this window.</p>
<p><code>$code</code></p>
</main>
<script nonce="$nonce">$script</script>
</body>
</html>
"""
)


def page(*, ok: bool, code: str, message: str, origins: Collection[str], nonce: str) -> str:
    """The page. Its message goes to these origins only, whoever opened it."""
    return _PAGE.substitute(
        title="Connected to Dynamics 365" if ok else "Not connected to Dynamics 365",
        message=html.escape(message),
        code=html.escape(code),
        message_data=html.escape(json.dumps({"type": "dynamics-connection", "ok": ok, "code": code})),
        origins=html.escape(json.dumps(sorted(origins))),
        nonce=html.escape(nonce),
        style=_STYLE,
        script=_SCRIPT,
    )


def policy(nonce: str) -> str:
    """The Content-Security-Policy under which only the page's own script and style run."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
