"""Callers recognized by their bearer tokens, as the organization's directory signed them."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import jwt
import requests

from local.emulators.dataverse import denials
from local.emulators.dataverse.clock import Clock
from local.emulators.dataverse.errors import DataverseError
from local.emulators.dataverse.organization import Organization
from local.emulators.dataverse.privileges import ADMINISTRATOR, require_access
from local.emulators.dataverse.world import Member, OrganizationSeed

KEYS_PATH: Final = "/common/discovery/v2.0/keys"
KEYS_TIMEOUT: Final = 5.0
TOKENS_REMEMBERED: Final = 10_000
BEARER: Final = "bearer "
JWT_DOTS: Final = 2
OBJECT_HEADER: Final = "callerobjectid"
USER_HEADER: Final = "mscrmcallerid"


class KeysUnavailableError(Exception):
    """The Entra emulator does not give its keys; the message says at which address."""


class Keyring:
    """The signing keys of the directories, fetched when first needed and again for an unknown id."""

    def __init__(self, entra: str) -> None:
        self.address = entra.rstrip("/") + KEYS_PATH
        self._keys: dict[str, jwt.PyJWK] = {}
        self._lock = asyncio.Lock()

    async def key(self, key_id: str) -> jwt.PyJWK | None:
        """The key with this id, None where the directories have none."""
        if key_id not in self._keys:
            async with self._lock:
                if key_id not in self._keys:
                    self._keys = await asyncio.to_thread(self._fetch)
        return self._keys.get(key_id)

    def _fetch(self) -> dict[str, jwt.PyJWK]:
        try:
            answer = requests.get(self.address, timeout=KEYS_TIMEOUT)
            answer.raise_for_status()
            found = jwt.PyJWKSet.from_dict(answer.json())
        except (requests.RequestException, jwt.PyJWTError, ValueError) as error:
            raise KeysUnavailableError(
                f"The signing keys at {self.address} cannot be read ({error}). Is the Entra emulator running?"
            ) from error
        return {str(key.key_id): key for key in found.keys}


class Gatekeeper:
    """Turns the Authorization header of a request into the member that sends it."""

    def __init__(self, entra: str, clock: Clock, *, anonymous: bool) -> None:
        self.keyring = Keyring(entra)
        self.clock = clock
        self.anonymous = anonymous
        self._claims: dict[str, Mapping[str, Any]] = {}

    async def caller(
        self, organization: Organization, headers: Mapping[str, str]
    ) -> tuple[Member, Member | None]:
        """Who the request acts as, and who sent it where that is somebody else."""
        header = headers.get("authorization", "")
        if self.anonymous and header.count(".") != JWT_DOTS:  # no token, or a word in place of one
            sender = next(one for one in organization.members.values() if ADMINISTRATOR in one.roles)
        else:
            sender = await self._sender(organization, header)
        require_access(sender)
        acting = _impersonated(organization, headers, sender)
        return (acting, sender) if acting else (sender, None)

    async def _sender(self, organization: Organization, header: str) -> Member:
        seed = organization.seed
        if not header.lower().startswith(BEARER):
            raise _challenge(seed, "The Authorization header holds no bearer token.")
        claims = await self._verified(seed, header[len(BEARER) :].strip())
        if str(claims.get("tid", "")).lower() != seed.directory.lower():
            raise _challenge(seed, f"The token is of directory {claims.get('tid')}, not {seed.directory}.")
        if str(claims.get("aud", "")).rstrip("/").lower() != seed.url.lower():
            raise _challenge(seed, f"The token is for {claims.get('aud')}, not {seed.url}.")
        if float(claims.get("exp", 0)) <= self.clock.seconds():
            raise _challenge(seed, "The token has expired.")
        keys = (claims.get("oid"), claims.get("appid"), claims.get("azp"))
        application = claims.get("idtyp") == "app"
        for key in keys if application else keys[:1]:
            member = organization.members.get(str(key).lower())
            if member:
                return member
        raise denials.not_a_member()

    async def _verified(self, seed: OrganizationSeed, token: str) -> Mapping[str, Any]:
        known = self._claims.get(token)
        if known is not None:
            return known
        try:
            key = await self.keyring.key(str(jwt.get_unverified_header(token).get("kid")))
            if key is None:
                raise _challenge(seed, "The token is signed with a key that the directories do not have.")
            options = {"verify_exp": False, "verify_aud": False, "verify_iat": False, "verify_nbf": False}
            claims: Mapping[str, Any] = jwt.decode(token, key=key, algorithms=["RS256"], options=options)  # type: ignore[arg-type]  # a dict where PyJWT names a TypedDict
        except jwt.PyJWTError as error:
            raise _challenge(seed, f"The token cannot be verified: {error}") from error
        if len(self._claims) >= TOKENS_REMEMBERED:
            self._claims.clear()
        self._claims[token] = claims
        return claims


def _challenge(seed: OrganizationSeed, reason: str) -> DataverseError:
    authority = f"https://login.microsoftonline.com/{seed.directory}/oauth2/authorize"
    challenge = f"Bearer authorization_uri={authority}, resource_id={seed.url}/"
    return denials.unauthenticated(challenge, reason.encode("ascii", "replace").decode().replace("\n", " "))


def _impersonated(organization: Organization, headers: Mapping[str, str], sender: Member) -> Member | None:
    object_id, user_id = headers.get(OBJECT_HEADER, "").lower(), headers.get(USER_HEADER, "").lower()
    if not object_id and not user_id:
        return None
    if ADMINISTRATOR not in sender.roles:
        user = {"id": sender.id, "roles": str(len(sender.roles)), "privileges": "0"}
        user |= {"object_id": sender.object_id, "unit": organization.business_unit}
        privilege = {
            "name": "prvActOnBehalfOfAnotherUser",
            "id": organization.seed.derived_id("prvActOnBehalf"),
        }
        raise denials.missing_privilege(user, privilege, 8, "systemuser")
    for member in organization.members.values():
        if member.object_id == object_id or member.id == user_id:
            require_access(member)
            return member
    raise denials.not_a_member()
