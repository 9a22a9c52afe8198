import pytest
from kept import NOW, Kept, raw

from functions.identity import Caller
from functions.privacy.service import PrivacyService
from shared.domain.audit import verify_chain
from shared.domain.erasure import Erasure, ErasureState, Person
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.ids import ObjectType, TenantId, UserId
from shared.domain.matching import Chosen
from shared.domain.users import KnownUser

MAIL = "planted.mail@contoso.example"
ADA = {"id": "v-17", "lastName": "Plantedname", "email": MAIL, "directPhone": "+1 555 0142"}
OTHER = {"id": "v-18", "lastName": "Stayingname", "email": "stays@contoso.example"}
CANARIES = ("v-17", "Plantedname", MAIL, "555 0142")


def admin(kept: Kept) -> Caller:
    return Caller(tenant=kept.tenant, user="ada", is_admin=True)


def service(kept: Kept, forgotten: list[TenantId] | None = None) -> PrivacyService:
    told = [] if forgotten is None else forgotten
    return PrivacyService(kept.stores, forget_tokens=told.append, entropy=bytes)


def order(kept: Kept, **person: str) -> Erasure:
    return service(kept).erase_person(admin(kept), Person(**person))


@pytest.mark.parametrize("person", [{"vendor_id": "v-17"}, {"email": MAIL.upper()}], ids=["id", "email"])
def test_a_person_is_found_nowhere_any_more_and_counts_stay(
    kept: Kept, azurite: str, person: dict[str, str]
) -> None:
    exports = [kept.export(ADA, OTHER), kept.export(OTHER), kept.export(OTHER, ADA)]
    assert all(canary in raw(azurite, kept.tenant) for canary in CANARIES)
    erasure = order(kept, **person)
    kept.carry()
    left = raw(azurite, kept.tenant)
    assert [canary for canary in CANARIES if canary.lower() in left.lower()] == []
    assert "Stayingname" in left
    done = service(kept).get(admin(kept), erasure.id)
    assert (done.state, done.removed, done.looked_at, done.person) == (ErasureState.DONE, 2, 3, None)
    counts = [kept.stores.exports.get(kept.tenant, each.id) for each in exports]
    assert [each.value.counts.created for each in counts if each] == [2, 1, 2]


@pytest.mark.parametrize("person", [{"vendor_id": "v-17"}, {"email": MAIL}], ids=["id", "email"])
def test_what_was_picked_for_a_person_goes_with_them(kept: Kept, person: dict[str, str]) -> None:
    kept.export(ADA, OTHER)
    for vendor_id in ("v-17", "v-18"):
        kept.stores.choices.note(kept.tenant, ObjectType.LEAD, vendor_id, Chosen("picked"))
    order(kept, **person)
    kept.carry()
    assert set(kept.stores.choices.of(kept.tenant, ObjectType.LEAD, ["v-17", "v-18"])) == {"v-18"}


def test_a_user_with_the_address_is_forgotten_and_others_stay(kept: Kept, neighbour: Kept) -> None:
    met = [("ada", MAIL), (MAIL.upper(), None), ("bruno", "stays@contoso.example"), ("carla", None)]
    for tenant in (kept.tenant, neighbour.tenant):
        for name, email in met:
            kept.stores.users.put(tenant, KnownUser(UserId(name), None, email, NOW.date()))
    order(kept, email=MAIL)
    kept.carry()
    assert {each.id for each in kept.stores.users.every(kept.tenant)} == {"bruno", "carla"}
    assert len(list(kept.stores.users.every(neighbour.tenant))) == len(met)


def test_the_message_and_the_audit_log_do_not_name_the_person(kept: Kept, azurite: str) -> None:
    kept.export(ADA)
    order(kept, email=MAIL)
    assert MAIL not in str(kept.queue.messages)
    kept.carry()
    entries = list(kept.audit.all(kept.tenant))
    assert [entry.action for entry in entries] == ["erasure.done", "erasure.requested"]
    assert verify_chain(kept.tenant, entries).intact
    assert MAIL not in raw(azurite, kept.tenant)


def test_more_exports_than_one_step_looks_at_are_looked_at_step_by_step(kept: Kept) -> None:
    for _ in range(23):
        kept.export(ADA)
    erasure = order(kept, vendor_id="v-17")
    assert len(kept.carry()) == 3
    assert service(kept).get(admin(kept), erasure.id).removed == 23


def test_an_export_under_way_loses_the_record_at_once_and_is_looked_at_again_after_its_end(
    kept: Kept, azurite: str
) -> None:
    running, queued = kept.export(ADA, ended=False), kept.export(ADA, ended=False, queued=True)
    erasure = order(kept, email=MAIL)
    kept.carry(1)
    records = kept.stores.files.read_records(kept.tenant, running.id, 1)
    assert "Plantedname" not in repr(records)
    assert service(kept).get(admin(kept), erasure.id).state is ErasureState.RUNNING
    for export in (running, queued):
        kept.end(export)
    kept.carry()
    assert service(kept).get(admin(kept), erasure.id).state is ErasureState.DONE
    assert MAIL not in raw(azurite, kept.tenant)


def test_a_message_delivered_twice_changes_nothing(kept: Kept) -> None:
    kept.export(ADA)
    order(kept, vendor_id="v-17")
    message = kept.queue.messages[0]
    kept.carry()
    kept.queue.messages = [message, message]
    kept.carry()
    assert [entry.action for entry in kept.audit.all(kept.tenant)] == ["erasure.done", "erasure.requested"]


def test_another_tenants_records_of_the_same_person_stay(kept: Kept, neighbour: Kept, azurite: str) -> None:
    neighbour.export(ADA)
    kept.export(ADA)
    order(kept, email=MAIL)
    kept.carry()
    assert MAIL in raw(azurite, neighbour.tenant)


def test_another_tenants_erasure_is_unknown(kept: Kept, neighbour: Kept) -> None:
    erasure = order(kept, email=MAIL)
    for erasure_id in (erasure.id, "x", "../x", ""):
        with pytest.raises(NotFound):
            service(neighbour).get(admin(neighbour), erasure_id)


def test_deleting_a_tenant_leaves_the_proof_alone(kept: Kept, neighbour: Kept, azurite: str) -> None:
    neighbour.export(ADA)
    for _ in range(3):
        kept.export(ADA, OTHER)
    kept.export(ADA, ended=False)
    forgotten: list[TenantId] = []
    erasure = service(kept, forgotten).delete_tenant(admin(kept), kept.tenant)
    kept.carry()
    assert forgotten == [kept.tenant]
    left = raw(azurite, f"{kept.tenant}", without=("audit", "erasures")).replace(neighbour.tenant, "")
    assert kept.tenant not in left
    log = raw(azurite, kept.tenant).replace(neighbour.tenant, "")
    assert not any(
        canary in line for line in log.splitlines() if line.startswith("audit") for canary in CANARIES
    )
    done = service(kept).get(admin(kept), erasure.id)
    assert done.state is ErasureState.DONE
    assert done.removed > 10
    entries = list(kept.audit.all(kept.tenant))
    assert [entry.action for entry in entries] == ["tenant.deleted", "tenant.deletionRequested"]
    assert "Plantedname" in raw(azurite, neighbour.tenant)


def test_what_a_worker_writes_during_the_deletion_is_deleted_too(kept: Kept, azurite: str) -> None:
    kept.export(ADA)
    service(kept).delete_tenant(admin(kept), kept.tenant)
    kept.carry(1)
    kept.export(ADA)
    kept.carry()
    assert "Plantedname" not in raw(azurite, kept.tenant)


@pytest.mark.parametrize("confirmation", ["", "yes", "contoso", "TENANT"])
def test_a_deletion_needs_the_tenants_own_id(kept: Kept, confirmation: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        service(kept).delete_tenant(admin(kept), confirmation)
    assert caught.value.code == "confirmationWrong"
    assert kept.queue.messages == []


def test_an_order_begins_now(kept: Kept) -> None:
    assert order(kept, email=MAIL).created_at == NOW
