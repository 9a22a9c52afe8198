"""The operations of connecting, as the host would call them, with Contoso and Fabrikam outside."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from html import unescape
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import urlencode

from signing_in import ADA, CONTOSO, FABRIKAM, ORGANIZATION, Entra

from functions.connect.approvals import Approvals
from functions.connect.callback import Callback
from functions.connect.checks import ConnectionCheck
from functions.connect.completing import Completion
from functions.connect.confirming import Confirmations
from functions.connect.pages import callback_blueprint
from functions.connect.proof import ConsentProof
from functions.connect.routes import (
    confirmation_blueprint,
    connection_blueprint,
    own_connection_blueprint,
)
from functions.connect.service import ConnectService
from functions.connect.starting import Starts
from functions.connect.stores import ConnectStores
from functions.connect.views import Views
from functions.http import Api
from functions.trail import AuditTrail
from shared.domain.errors import InvalidRequest, NeedsUser
from shared.domain.ids import DirectoryId, TenantId, UserId
from shared.domain.organization import OrganizationUrl
from shared.entra.principals import TENANT, of_user
from shared.entra.tokens import AccessTokens
from shared.storage.account import StorageAccount
from shared.storage.approvals import ApprovalStore
from shared.storage.attentions import AttentionStore
from shared.storage.audit import AuditStore
from shared.storage.auth_flows import AuthFlowStore
from shared.storage.confirmations import ConfirmationStore
from shared.storage.connections import AccessStore, ConnectionStore
from shared.storage.crypto import EnvelopeCipher
from shared.storage.key_file import FileKeys
from shared.storage.names import Table
from shared.storage.tokens import TokenStore
from shared.storage.user_connections import UserConnectionStore
from shared.storage.users import UserStore
from tests.callers import admin, callers, user
from tests.site import Answer, Site

PORTAL = "https://portal.example"
API = "https://service.example/api"
DIRECTORIES = {"contoso.crm4.dynamics.com": CONTOSO, "fabrikam.crm.dynamics.com": FABRIKAM}


@dataclass(frozen=True)
class Known:
    """Who the organization says somebody is."""

    user_id: str = "0d7f3c1a-52e8-4b96-a4c0-9e18f6b2d301"
    organization_id: str = "d1e2f3a4-b5c6-47d8-89ea-fb0c1d2e3f40"
    organization_name: str | None = "Contoso"


@dataclass
class Organizations:
    """What the organizations answer: their directory, and who a token belongs to."""

    known: Known | NeedsUser = field(default_factory=Known)
    meanwhile: Callable[[], object] = lambda: None
    asked: list[str] = field(default_factory=list)

    def directory_of(self, organization: OrganizationUrl) -> DirectoryId:
        self.asked.append(organization.host)
        if organization.host not in DIRECTORIES:
            raise InvalidRequest("organizationNotFound", "There is no such organization.")
        return DIRECTORIES[organization.host]

    def who_am_i(self, organization: OrganizationUrl, token: str) -> Known:
        assert organization.host in DIRECTORIES
        assert token
        self.meanwhile()
        if isinstance(self.known, NeedsUser):
            raise self.known
        return self.known


NO_ORGANIZATIONS: Any = None
"""The connection check has tests of its own, with organizations."""


@cache
def cipher() -> EnvelopeCipher:
    """One for all: a key takes its time."""
    return EnvelopeCipher(FileKeys(Path(mkdtemp()) / "keys.json"))


class Connecting:
    """One tenant, its administrator Ada and its user Bruno."""

    def __init__(
        self,
        entra: Entra,
        account: StorageAccount,
        vault: TokenStore,
        tenant: TenantId,
        *,
        confirms: bool = False,
    ) -> None:
        self.confirms = confirms
        self.entra, self.tenant, self.vault, self.account = entra, tenant, vault, account
        self.organizations = Organizations()
        self.resumed: list[tuple[TenantId, UserId | None]] = []
        self.access_tokens = AccessTokens(entra.applications(), vault, clock=entra.clock)
        self.audit = AuditStore(account.table(Table.AUDIT))
        self.stores = ConnectStores(
            connections=ConnectionStore(account.table(Table.TENANTS)),
            user_connections=UserConnectionStore(account.table(Table.USER_CONNECTIONS)),
            access=AccessStore(account.table(Table.TENANTS)),
            tokens=vault,
            flows=AuthFlowStore(account.table(Table.AUTH_FLOWS)),
            attentions=AttentionStore(account.table(Table.TENANTS)),
            users=UserStore(account.table(Table.USERS)),
            trail=AuditTrail(self.audit, entra.clock),
        )
        self.waiting = ApprovalStore(account.table(Table.AUTH_FLOWS), cipher())
        self.site = self.make_site()
        self.ada = admin(org_id=tenant)
        self.bruno = user(org_id=tenant)

    def make_site(self) -> Site:
        sign_in, forget, clock = self.entra.sign_in(), self.access_tokens.forget, self.entra.clock
        starts = Starts(flows=self.stores.flows, sign_in=sign_in, clock=clock)
        fresh_token = partial(self.access_tokens.token, force=True)
        proof = ConsentProof(sign_in, self.stores.connections, fresh_token)
        approvals = Approvals(self.waiting, starts, API, prove=proof.check, clock=clock)
        service = ConnectService(
            self.stores,
            starts,
            self.organizations.directory_of,
            forget_tokens=forget,
            portal_origins=(PORTAL,),
        )
        completion = Completion(
            self.stores,
            approvals,
            forget_tokens=forget,
            resume_exports=lambda tenant, user: self.resumed.append((tenant, user)),
        )
        confirmations = Confirmations(
            ConfirmationStore(self.account.table(Table.AUTH_FLOWS), cipher()),
            completion,
            self.stores.trail,
            required=self.confirms,
            clock=clock,
        )
        callback = Callback(
            self.stores,
            sign_in,
            self.organizations.who_am_i,
            approvals=approvals,
            confirmations=confirmations,
            clock=clock,
        )
        views = Views(self.stores, approvals, clock)
        check = ConnectionCheck(NO_ORGANIZATIONS, self.stores.attentions, clock)
        api = Api(callers=callers(), portal_origins=(PORTAL,))
        return Site(
            connection_blueprint(api, service, views, check),
            own_connection_blueprint(api, service, views),
            confirmation_blueprint(api, confirmations, views),
            callback_blueprint(api, callback, approvals, (PORTAL,)),
        )

    def start(self, path: str = "/connection", token: str | None = None, **body: Any) -> str:
        """The address of the sign-in page."""
        sent = {"organizationUrl": str(ORGANIZATION), **body}
        answer = self.site.call("POST", path, token=token or self.ada, body=sent)
        assert answer.status == 201, answer.content
        url: str = answer.json["authorizationUrl"]
        return url

    def come_back(self, url: str, email: str = ADA, **how: Any) -> Answer:
        """What the callback says after this person signed in."""
        return self.callback(self.entra.answer(url, email, **how))

    def callback(self, answer: dict[str, str]) -> Answer:
        return self.site.call("GET", f"/oauth/callback?{urlencode(answer)}")

    def connect(self, email: str = ADA) -> None:
        assert self.come_back(self.start(), email, for_organization=False).status == 200

    def switch_on(self, users: Any = "all") -> None:
        body = {"enabled": True, "users": users}
        assert self.site.call("PUT", "/access", token=self.ada, body=body, If_Match="*").status == 200

    def connection(self, path: str = "/connection", token: str | None = None) -> dict[str, Any]:
        found: dict[str, Any] = self.site.call("GET", path, token=token or self.ada).json
        return found

    def has_token(self, principal: str = TENANT) -> bool:
        return self.vault.load(self.tenant, principal) is not None


def told(answer: Answer) -> dict[str, Any]:
    """What the page tells the window that opened it."""
    found = re.search(r'data-message="([^"]*)"', answer.content.decode())
    assert found is not None
    message: dict[str, Any] = json.loads(unescape(found[1]))
    return message


def of_user_bruno() -> str:
    return of_user(UserId("bruno"))


def consent_url(contoso: Connecting, query: str = "") -> str:
    answer = contoso.site.call("POST", f"/connection/consent{query}", token=contoso.ada)
    assert answer.status == 201, answer.content
    url: str = answer.json["authorizationUrl"]
    return url
