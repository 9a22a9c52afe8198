import json
import re
from html import unescape

from functions.connect.page import Shown, page, policy

ORIGINS = ("https://portal.example", "https://other.example")


def shown(*, ok: bool = True, code: str = "connected", message: str = "Done.") -> str:
    return page(Shown(ok=ok, code=code, message=message), origins=ORIGINS, nonce="the-nonce")


def attribute(text: str, name: str) -> object:
    found = re.search(rf'data-{name}="([^"]*)"', text)
    assert found is not None
    return json.loads(unescape(found[1]))


def test_the_page_tells_its_opener_how_it_ended() -> None:
    text = shown(ok=False, code="consentDeclined")
    assert attribute(text, "message") == {
        "type": "dynamics-connection",
        "ok": False,
        "code": "consentDeclined",
    }
    assert attribute(text, "origins") == sorted(ORIGINS)
    assert '"*"' not in text


def test_nothing_of_the_answer_becomes_markup() -> None:
    hostile = "\"><script>alert(1)</script><img src=x onerror='alert(1)'>"
    text = shown(code=hostile, message=hostile)
    assert text.count("<script") == 1
    assert "<img" not in text


def test_a_dollar_sign_is_only_a_dollar_sign() -> None:
    assert "costs $message" in shown(message="costs $message")


def test_every_script_and_style_carries_the_nonce() -> None:
    text = shown()
    assert re.findall(r"<(script|style)([^>]*)>", text) == [
        ("style", ' nonce="the-nonce"'),
        ("script", ' nonce="the-nonce"'),
    ]
    assert not re.search(r"\son\w+=|style=|https?:", text.replace("https://", "", 0).split("<body")[0])


def test_the_policy_allows_the_pages_own_script_and_nothing_else() -> None:
    allowed = dict(part.split(" ", 1) for part in policy("n").split("; "))
    assert allowed == {
        "default-src": "'none'",
        "script-src": "'nonce-n'",
        "style-src": "'nonce-n'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


def test_the_page_reads_without_a_script() -> None:
    text = shown(message="Dynamics 365 is connected.")
    assert "<h1>Connected to Dynamics 365</h1>" in text
    assert "<p>Dynamics 365 is connected.</p>" in text
    assert "<h1>Not connected to Dynamics 365</h1>" in shown(ok=False)
