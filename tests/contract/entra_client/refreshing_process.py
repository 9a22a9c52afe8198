"""One process of several that want a token at once: prints the tokens that its threads got."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from shared.domain.ids import TenantId
from shared.domain.organization import parse_organization_url
from shared.entra.applications import Applications
from shared.entra.credential import Secret
from shared.entra.discovery import EntraHttp
from shared.entra.principals import TENANT
from shared.entra.tokens import AccessTokens
from shared.storage.account import StorageAccount
from shared.storage.clients import ByConnectionString
from shared.storage.crypto import EnvelopeCipher
from shared.storage.key_file import FileKeys
from shared.storage.names import Table
from shared.storage.tokens import TokenStore
from shared.transport import session


def now() -> datetime:
    return datetime.now(UTC)


def main(entra: str, storage: str, keys: str, tenant: str, client_id: str) -> None:
    made = session({"login.microsoftonline.com": entra})
    applications = Applications(client_id, Secret("local-development-only"), EntraHttp(lambda: made, now))
    account = StorageAccount(ByConnectionString(storage), clock=now)
    vault = TokenStore(account.table(Table.TOKENS), EnvelopeCipher(FileKeys(Path(keys))))
    tokens = AccessTokens(applications, vault, clock=now)
    organization = parse_organization_url("https://contoso.crm4.dynamics.com")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with ThreadPoolExecutor(13) as threads:
        found = list(threads.map(lambda _: tokens.token(TenantId(tenant), TENANT, organization), range(13)))
    sys.stdout.write("\n".join(found))


main(*sys.argv[1:])
