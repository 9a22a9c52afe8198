import pytest

from shared.domain.opt_out import is_opted_out

WITHHELD = [
    {"optOut": True},
    {"opt_out": "yes"},
    {"Opt Out": "1"},
    {"OPT-OUT": "2026-01-31"},
    {"optedOut": 1},
    {"doNotExport": True},
    {"do_not_export": "TRUE"},
    {"noExport": "x"},
    {"status": "OPT_OUT"},
    {"status": "opted out"},
    {"exportStatus": "DO_NOT_EXPORT"},
    {"privacyStatus": "optOut"},
]
EXPORTED = [
    {},
    {"optOut": False},
    {"optOut": None},
    {"optOut": ""},
    {"optOut": " No "},
    {"optOut": "false"},
    {"optOut": 0},
    {"doNotExport": "N"},
    {"status": "active"},
    {"status": None},
    {"status": True},
    {"jobTitle": "OPT_OUT"},
    {"optOutPage": "https://contoso.example"},
]


@pytest.mark.parametrize("fields", WITHHELD, ids=str)
def test_what_the_vendor_marks_is_withheld(fields: dict[str, object]) -> None:
    assert is_opted_out({"lastName": "Ngata", **fields})


def test_a_mark_is_seen_among_more_names_than_are_remembered() -> None:
    for number in range(3_000):
        assert not is_opted_out({f"field{number}": True})
        assert is_opted_out({f"field{number}": True, "optOut": True})


@pytest.mark.parametrize("fields", EXPORTED, ids=str)
def test_everybody_else_is_exported(fields: dict[str, object]) -> None:
    assert not is_opted_out({"lastName": "Ngata", **fields})
