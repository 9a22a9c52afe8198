"""docs/connect.md has every code that connecting can end with, with what the person reads."""

from signing_in import ROOT

from shared.dataverse import refusals
from shared.entra.errors import REASONS

PAGE = (ROOT / "docs" / "connect.md").read_text(encoding="utf-8")


def test_every_reason_of_entra_id_is_in_the_table() -> None:
    missing = {reason.code for reason in REASONS.values() if f"`{reason.code}`" not in PAGE}
    assert not missing


def test_every_reason_is_told_in_the_words_that_people_read() -> None:
    told = {reason.message.partition(". ")[0].rstrip(".") for reason in REASONS.values()}
    operators = "Entra ID does not accept this service's own registration"
    assert {sentence for sentence in told if sentence not in PAGE} <= {operators}


def test_every_refusal_of_a_person_by_dynamics_is_in_the_table() -> None:
    people = [
        refusals.NOT_A_USER,
        refusals.USER_DISABLED,
        refusals.NO_ROLE,
        refusals.NO_LICENCE,
        refusals.PRIVILEGE_MISSING,
        refusals.ORGANIZATION_DISABLED,
        refusals.MOVED,
    ]
    assert not [refusal.code for refusal in people if f"`{refusal.code}`" not in PAGE]
