"""Takes orders to erase, and tells how far they are."""

from collections.abc import Callable

from functions.identity import Caller
from functions.privacy.messages import ErasureMessage
from functions.privacy.stores import PrivacyStores
from functions.trail import pseudonym
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.erasure import Erasure, ErasureKind, ErasureState, Person
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.ids import TenantId, is_export_id, new_export_id


class PrivacyService:
    """The orders of administrators. The queue carries them out."""

    def __init__(
        self,
        stores: PrivacyStores,
        *,
        forget_tokens: Callable[[TenantId], None],
        entropy: Callable[[int], bytes],
    ) -> None:
        self._stores = stores
        self._forget_tokens = forget_tokens
        self._entropy = entropy

    def erase_person(self, caller: Caller, person: Person) -> Erasure:
        """Orders one person's records to be erased from everything that exports left behind."""
        subject = pseudonym(caller.tenant, person.vendor_id or person.email or "")
        return self._order(caller, ErasureKind.PERSON, subject, person)

    def delete_tenant(self, caller: Caller, confirmation: str) -> Erasure:
        """Orders everything of the caller's tenant to be deleted; `confirmation` is the tenant's id."""
        if confirmation != caller.tenant:
            raise InvalidRequest(
                "confirmationWrong",
                "To delete everything of your company, send its id (claim org_id of your token) "
                "as “confirm”.",
            )
        self._forget_tokens(caller.tenant)
        return self._order(caller, ErasureKind.TENANT, "tenant", None)

    def get(self, caller: Caller, erasure_id: str) -> Erasure:
        """How far an order is; NotFound for one that the tenant does not have."""
        stored = self._stores.erasures.get(caller.tenant, erasure_id) if is_export_id(erasure_id) else None
        if stored is None:
            raise NotFound("erasureUnknown", "There is no such erasure.")
        return stored.value

    def _order(self, caller: Caller, kind: ErasureKind, subject: str, person: Person | None) -> Erasure:
        now = self._stores.clock()
        erasure = Erasure(
            id=new_export_id(int(now.timestamp() * 1000), self._entropy(6)),
            tenant=caller.tenant,
            kind=kind,
            state=ErasureState.QUEUED,
            requested_by=caller.user,
            created_at=now,
            subject=subject,
            person=person,
        )
        self._stores.erasures.add(erasure)
        self._stores.trail.note(caller, _REQUESTED[kind], f"erasure/{erasure.id}/{subject}")
        self._stores.queue.send(ErasureMessage(caller.tenant, erasure.id).to_wire())
        log.info("erasure ordered", erasure=erasure.id, kind=kind.value)
        return erasure


_REQUESTED = {
    ErasureKind.PERSON: AuditAction.ERASURE_REQUESTED,
    ErasureKind.TENANT: AuditAction.DELETION_REQUESTED,
}
