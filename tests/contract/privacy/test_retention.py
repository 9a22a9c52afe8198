from datetime import timedelta

from kept import NOW, Kept, raw

from functions.privacy.retention import Retention
from shared.domain.ids import UserId
from shared.domain.users import KnownUser

ADA = {"id": "v-17", "lastName": "Plantedname"}


def sweep(kept: Kept, days: int) -> None:
    kept.now += timedelta(days=days)
    Retention(kept.stores, days=30).sweep()
    kept.now -= timedelta(days=days)


def test_contents_live_for_thirty_days_after_the_end(kept: Kept, azurite: str) -> None:
    export = kept.export(ADA)
    sweep(kept, 30)
    assert "Plantedname" in raw(azurite, kept.tenant)
    sweep(kept, 31)
    assert "Plantedname" not in raw(azurite, kept.tenant)
    stored = kept.stores.exports.get(kept.tenant, export.id)
    assert stored is not None
    assert stored.value.contents_deleted
    assert (stored.value.total, stored.value.counts.created) == (1, 1)


def test_an_export_that_has_not_ended_keeps_its_contents(kept: Kept, azurite: str) -> None:
    kept.export(ADA, ended=False)
    sweep(kept, 400)
    assert "Plantedname" in raw(azurite, kept.tenant)


def test_who_has_not_called_for_a_year_is_forgotten(kept: Kept) -> None:
    for days in (0, 366):
        user = KnownUser(UserId(f"seen-{days}"), "Ada", "ada@contoso.example", (NOW - timedelta(days)).date())
        kept.stores.users.put(kept.tenant, user)
    sweep(kept, 0)
    assert [each.id for each in kept.stores.users.every(kept.tenant)] == ["seen-0"]


def test_forgetting_is_noted_once(kept: Kept) -> None:
    kept.export(ADA)
    sweep(kept, 31)
    sweep(kept, 32)
    assert [entry.action for entry in kept.audit.all(kept.tenant)] == ["export.contentsExpired"]
