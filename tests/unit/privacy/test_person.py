import pytest

from shared.domain.erasure import Person, erase_outcomes, erase_records
from shared.domain.exports import Outcome, OutcomeKind
from tests.builders import record, unreadable

MAIL = "ada.ngata@contoso.example"
BY_MAIL = Person(email=MAIL)


@pytest.mark.parametrize(
    "fields",
    [
        {"email": MAIL},
        {"email": MAIL.upper()},
        {"notes": f"Ada <{MAIL}>, Contoso"},
        {"contacts": [{"mails": ["x@y.example", MAIL]}]},
        {"link": f"mailto:{MAIL}"},
    ],
    ids=["field", "upper case", "in a text", "deep", "link"],
)
def test_an_address_is_found_wherever_it_stands(fields: dict[str, object]) -> None:
    assert BY_MAIL.is_in(fields)


@pytest.mark.parametrize("email", [f"not.{MAIL}", f"{MAIL}.org", "ada@contoso.example", ""])
def test_a_similar_address_is_somebody_else(email: str) -> None:
    assert not BY_MAIL.is_in({"email": email})


def test_the_vendors_id_is_the_same_as_text_or_number() -> None:
    assert Person(vendor_id="17").is_in({"id": 17})
    assert Person(vendor_id="17").is_in({"id": " 17 "})
    assert not Person(vendor_id="17").is_in({"id": 170, "phone": "17"})


def test_an_empty_place_is_left_where_the_record_was() -> None:
    records = [record(1, id=1, email=MAIL), record(2, id=2), unreadable(3)]
    kept, positions = erase_records(records, BY_MAIL)
    assert positions == {1}
    assert kept[1:] == records[1:]
    assert (kept[0].position, kept[0].line) == (1, 1)
    assert MAIL not in repr(kept[0])


def test_erasing_twice_finds_the_same_places() -> None:
    once, positions = erase_records([record(1, email=MAIL)], BY_MAIL)
    assert erase_records(once, BY_MAIL) == (once, positions)


def test_of_an_outcome_its_kind_is_left_so_that_counts_stay() -> None:
    outcomes = [
        Outcome(position=1, vendor_id="17", kind=OutcomeKind.CREATED, dynamics_id="d1", reason="Ada Ngata"),
        Outcome(position=2, vendor_id="18", kind=OutcomeKind.FAILED, reason="kept"),
    ]
    erased, other = erase_outcomes(outcomes, {1}, Person(email=MAIL))
    assert other == outcomes[1]
    assert (erased.position, erased.kind, erased.code) == (1, OutcomeKind.CREATED, "erased")
    assert (erased.vendor_id, erased.dynamics_id) == (None, None)
    assert "Ada" not in repr(erased)


def test_an_outcome_is_found_by_its_vendor_id_when_its_record_is_gone() -> None:
    outcomes = [Outcome(position=1, vendor_id="17", kind=OutcomeKind.CREATED)]
    assert erase_outcomes(outcomes, (), Person(vendor_id="17"))[0].vendor_id is None
