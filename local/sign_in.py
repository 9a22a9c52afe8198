"""A scripted browser session: signs a person in on pages of plain forms, by pressing their buttons."""

import html
import json
import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import requests

from local.html_forms import Button, Form, Page

_PAGES = 12
_TIMEOUT = 60
_USUAL_BUTTONS = ("Accept", "Continue")


class SignInError(Exception):
    """Which page the session ended at instead of the application, and what the page says."""


def sign_in(
    authorization_url: str,
    email: str,
    *,
    for_organization: bool = True,
    press: Mapping[str, str] | None = None,
    session: requests.Session | None = None,
) -> requests.Response:
    """The application's answer after this person signed in and accepted everything.

    `for_organization` ticks the consent page's checkbox. `press` names, by a page's heading, the button to
    press there in place of Accept: `{"Pick an account": "Cancel"}`. The answer is that of the application's
    own address; where it redirects further, that is left to the caller. Raises SignInError where the
    session does not get there.
    """
    browser = session or requests.Session()
    home = urlsplit(authorization_url).netloc
    response = browser.get(authorization_url, allow_redirects=False, timeout=_TIMEOUT)
    for _ in range(_PAGES):
        if urlsplit(response.url).netloc != home:
            return response
        if response.is_redirect:
            target = urljoin(response.url, response.headers["Location"])
            response = browser.get(target, allow_redirects=False, timeout=_TIMEOUT)
            continue
        page = Page(response.text)
        form = _fill(page, email, for_organization=for_organization)
        button = _button(page, form, (press or {}).get(page.heading))
        response = _submit(browser, response.url, form, button)
    raise SignInError(f"The sign-in did not end after {_PAGES} pages; the last one was {response.url}.")


def confirmation_of(text: str) -> str | None:
    """The code that the page at a sign-in's end tells the window that opened it; None where it has none."""
    told = re.search(r'data-message="([^"]*)"', text)
    code = json.loads(html.unescape(told[1])).get("confirmation") if told else None
    return code if isinstance(code, str) else None


def _fill(page: Page, email: str, *, for_organization: bool) -> Form:
    if not page.forms:
        raise SignInError(f"The sign-in ended at a page without a form: {' '.join(page.text.split())}")
    form = page.forms[0]
    offered = [field.value for field in form.fields if field.kind == "radio"]
    if offered and not form.choose("user", email):
        raise SignInError(f"'{page.heading}' does not offer {email}; it offers {', '.join(offered)}.")
    if for_organization:
        form.tick_all()
    return form


def _button(page: Page, form: Form, wanted: str | None) -> Button:
    labels = [button.label for button in form.buttons]
    for label in (wanted,) if wanted else _USUAL_BUTTONS:
        if label in labels:
            return form.buttons[labels.index(label)]
    names = wanted or " or ".join(_USUAL_BUTTONS)
    text = " ".join(page.text.split())
    raise SignInError(
        f"'{page.heading}' has no button {names}; it has {', '.join(labels)}. The page says: {text}"
    )


def _submit(browser: requests.Session, here: str, form: Form, button: Button) -> requests.Response:
    target = urljoin(here, form.action)
    content = form.content(button)
    if form.method == "post":
        return browser.post(target, data=content, allow_redirects=False, timeout=_TIMEOUT)
    return browser.get(target, params=content, allow_redirects=False, timeout=_TIMEOUT)
