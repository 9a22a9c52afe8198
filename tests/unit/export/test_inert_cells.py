import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.export.results import inert

TRIGGERS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1 555 0100",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "=cmd|'/c calc'!A0",
        "\uff1d1",
        "\uff201",
    ],
    ids=ascii,
)
def test_what_a_spreadsheet_would_run_is_shown_instead(cell: str) -> None:
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Contoso", "Xavier", "1", "'=1", " =1", "a=b", "é"])
def test_any_other_cell_stays_as_it_is(cell: str) -> None:
    assert inert(cell) == cell


@given(st.one_of(st.text(), st.builds(str.__add__, st.sampled_from(TRIGGERS), st.text())))
def test_no_cell_begins_with_what_starts_a_formula_even_after_a_round_trip(cell: str) -> None:
    assert not inert(cell).startswith(tuple(TRIGGERS))
    written = io.StringIO(newline="")
    csv.writer(written).writerow([inert(cell), "end"])
    (read,) = csv.reader(io.StringIO(written.getvalue(), newline=""))
    assert not read[0].startswith(tuple(TRIGGERS))
