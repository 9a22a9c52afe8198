from functions.export.owner_notes import CODE, with_owner_notes
from functions.owners import Owner
from shared.domain.exports import Outcome, OutcomeKind

CREATED = Outcome(position=1, vendor_id="1", kind=OutcomeKind.CREATED, dynamics_id="there")
UPDATED = Outcome(position=2, vendor_id="2", kind=OutcomeKind.UPDATED, dynamics_id="here")
NOBODY = Owner(None)


def test_new_records_that_stay_with_the_account_of_the_connection_say_so() -> None:
    noted, unchanged = with_owner_notes([CREATED, UPDATED], NOBODY)
    assert noted.code == CODE
    assert noted.dynamics_id == "there"
    assert unchanged == UPDATED


def test_whoever_exports_as_themselves_needs_no_note() -> None:
    assert with_owner_notes([CREATED, UPDATED], None) == [CREATED, UPDATED]


def test_nobody_looks_for_an_owner_where_nothing_is_new() -> None:
    asked: list[str | None] = []
    owner = Owner(Search(), asked.append)  # type: ignore[arg-type]  # all that an owner asks of its search
    assert with_owner_notes([UPDATED], owner) == [UPDATED]
    assert asked == []
    assert with_owner_notes([CREATED], owner) == [CREATED]
    assert asked == ["somebody"]


class Search:
    """Finds somebody."""

    answered = True

    def user(self) -> str:
        return "somebody"
