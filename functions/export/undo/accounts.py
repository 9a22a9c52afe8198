"""Takes away the accounts that an export made beside its leads, once these are gone.

Each part of an undo looks at the accounts of its own leads after it has deleted them: whichever comes last
finds nothing hanging on an account any more, so no part has to wait for another.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from functions.export.undo.related import MAY_NOT, hanging_on
from shared.dataverse import messages
from shared.dataverse.client import DataverseClient, DataverseResponse
from shared.dataverse.messages import DataverseRequest, query
from shared.dataverse.odata import in_filters
from shared.dataverse.queries import in_batches, read_rows
from shared.dataverse.refusals import ChangedMeanwhile, RecordGone
from shared.domain.errors import NeedsUser, RecordRejected, ServiceError
from shared.domain.exports import Export
from shared.domain.ids import ObjectType
from shared.domain.matching import ExistingRecord
from shared.domain.undo import READ
from shared.domain.undo_accounts import AccountPlan, Fate, sentence
from shared.storage.made_accounts import MadeAccounts

_SET, _ID = "accounts", "accountid"
_MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class UndoneAccounts:
    """The accounts of one chunk. `export` is the undo; `made` knows which accounts its source made."""

    client: DataverseClient
    made: MadeAccounts
    export: Export

    def told(self, bound: Mapping[int, str], gone: Collection[str]) -> dict[int, str]:
        """What became of the account at each position, deleted where nothing speaks against it.

        `bound` are the accounts that leads named before; `gone` are these leads, of which a dry run finds
        that they are still there.
        """
        source = self.export.undo_of
        own = set() if source is None else self.made.of(self.export.tenant, source, set(bound.values()))
        if not own:
            return {}
        present = self._present(own)
        hanging = hanging_on(self.client, ObjectType.ACCOUNT, sorted(present), without=gone)
        plans = {account: AccountPlan.of(present.get(account), hanging) for account in own}
        told = {account: plan.told for account, plan in plans.items()}
        if not self.export.dry_run:
            told |= self._delete(plans)
        return {position: told[account] for position, account in bound.items() if account in own}

    def _present(self, ids: Collection[str]) -> dict[str, ExistingRecord]:
        """The accounts as they are now, by the id under which they are asked for."""
        questions = [
            query(_SET, select=(_ID, *READ), where=where) for where in in_filters([(_ID, sorted(ids))])
        ]
        rows = [row for answer in read_rows(self.client, questions) for row in answer]
        by_id = {str(row[_ID]).casefold(): row for row in rows}
        return {
            account: ExistingRecord(
                id=account,
                etag=str(row["@odata.etag"]),
                values=row,
                read_only=row.get("statecode", 0) != 0,
                created_on=str(row.get("createdon") or ""),
            )
            for account in ids
            if (row := by_id.get(account.casefold())) is not None
        }

    def _delete(self, plans: Mapping[str, AccountPlan]) -> dict[str, str]:
        """Deletes what is to be deleted; what is to be told instead where Dynamics refuses."""
        todo = [(account, plan.deletion) for account, plan in plans.items() if plan.deletion is not None]
        requests = [messages.delete(_SET, deletion.id, deletion.etag) for _, deletion in todo]
        answers = [answer for group in in_batches(requests, _MOST_PARTS) for answer in self._sent(group)]
        return {
            account: _refused(answer)
            for (account, _), answer in zip(todo, answers, strict=True)
            if isinstance(answer, ServiceError)
        }

    def _sent(self, group: Sequence[DataverseRequest]) -> Sequence[DataverseResponse | ServiceError]:
        """Whoever may not delete accounts may have deleted leads, which must not be forgotten."""
        try:
            return self.client.batch(group)
        except NeedsUser as error:
            if error.code not in MAY_NOT:
                raise
            return [error] * len(group)


def _refused(error: ServiceError) -> str:
    match error:
        case RecordGone():
            return sentence(Fate.GONE)
        case ChangedMeanwhile():
            return sentence(Fate.EDITED)
        case RecordRejected():
            return sentence(f"stays: {error.message}")
        case NeedsUser() if error.code in MAY_NOT:
            return sentence(f"stays: {error.message}")
    raise error
