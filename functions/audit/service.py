"""Reads the audit log of the caller's tenant, and checks that it is whole."""

from functions.http.paging import unknown_next
from functions.identity import Caller
from shared import log
from shared.domain.audit import AuditEntry, Verdict, verify_chain
from shared.storage.audit import AuditStore, is_page_token


class AuditService:
    """What administrators may ask about the log."""

    def __init__(self, store: AuditStore) -> None:
        self._store = store

    def page(
        self, caller: Caller, page: tuple[int, str | None], action: str | None
    ) -> tuple[list[AuditEntry], str | None]:
        """Entries, newest first, and the token of the next page. `page`: size and token."""
        size, token = page
        if token is not None and not is_page_token(token):
            raise unknown_next()
        return self._store.page(caller.tenant, size, token, action)

    def verify(self, caller: Caller) -> Verdict:
        """Whether every entry is there and as it was written."""
        verdict = verify_chain(caller.tenant, self._store.all(caller.tenant))
        if not verdict.intact:
            log.error("audit log broken", entry=verdict.broken_at)
        return verdict
