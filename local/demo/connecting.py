"""Connects the demo tenant as its people would: a browser session at the pages of the emulated Entra ID."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.api_client import ApiClient
from local.callers import loopback_session
from local.description import StackDescription
from local.errors import DevError
from local.html_forms import Page
from local.sign_in import SignInError, confirmation_of, sign_in

Person = Mapping[str, Any]


def connect(client: ApiClient, stack: StackDescription, admin: Person) -> Iterator[str]:
    """Connects what is not connected yet, and tells each thing done; an error where it cannot be done."""
    found = client.get("/connection")
    signer = _global_admin(stack, admin)
    if found["state"] != "connected":
        asked = client.send("POST", "/connection", {"organizationUrl": stack.organization_url})
        _pass(client, asked["authorizationUrl"], signer)
        yield f"{signer['name']} (Global Admin) signed in at the emulated Entra ID and accepted"
    if not found["consentGranted"]:
        _pass(client, client.send("POST", "/connection/consent")["authorizationUrl"], signer)
        yield "access granted to all users of the directory"
    if _switch_on(client):
        yield "the integration switched on for everybody"
    connection = client.get("/connection")
    if connection["state"] != "connected":
        problem = connection["problem"] or "nothing says why"
        raise DevError(f"the tenant is {connection['state']} after the sign-in: {problem}.")
    already = "already " if found["state"] == "connected" else ""
    yield f"{already}connected to {connection['organizationName']}, {connection['organizationUrl']}"


def tenant_admin(stack: StackDescription, tenant: str) -> Person:
    """The person of the demo world who may connect the tenant."""
    users = next(each["users"] for each in stack.demo["tenants"] if each["id"] == tenant)
    return next(user for user in users if user["admin"])


def _global_admin(stack: StackDescription, admin: Person) -> Person:
    """Who can accept for the directory: the same person, or a colleague there."""
    directory = next(one["directory"] for one in stack.demo["people"] if one["email"] == admin["email"])
    return next(one for one in stack.demo["people"] if one["globalAdmin"] and one["directory"] == directory)


def _pass(client: ApiClient, authorization_url: str, signer: Person) -> None:
    """Presses the buttons of all pages until the product's own page says that it worked, and confirms."""
    with loopback_session() as browser:
        try:
            answer = sign_in(authorization_url, signer["email"], session=browser)
        except SignInError as error:
            raise DevError(f"the scripted sign-in did not get through: {error}") from error
    if answer.status_code != 200:
        said = " ".join(Page(answer.text).text.split())
        raise DevError(f"the sign-in ended with {answer.status_code}: {said}")
    code = confirmation_of(answer.text)
    if code is not None:
        client.send("POST", "/connection/confirm", {"confirmation": code})


def _switch_on(client: ApiClient) -> bool:
    """Whether anything had to be changed."""
    wanted = {"enabled": True, "users": "all"}
    if client.get("/access") == wanted:
        return False
    client.send("PUT", "/access", wanted, **{"If-Match": "*"})
    return True
