import pytest

from shared.domain.default_mapping import default_rows
from shared.domain.fields import ColumnType
from shared.domain.ids import ObjectType
from shared.domain.mapping import VendorSource
from shared.domain.suggest import suggest
from shared.domain.vendor_catalog import vendor_fields
from shared.domain.verify import COMPATIBLE
from tests.builders import catalog, column, standard

LEAD, ACCOUNT = ObjectType.LEAD, ObjectType.ACCOUNT
PEOPLE = vendor_fields(LEAD)
COLUMNS = standard(
    LEAD,
    column("new_industry", label="Industry"),
    column("new_linkedin", label="LinkedIn Website", format="Url"),
    column("new_mail", label="Other E-Mail", format="Email"),
    column("new_locked", label="City", creatable=False, updatable=False),
    column("new_seen", ColumnType.DATE_TIME, label="Last Validated"),
    column("new_flag", ColumnType.BOOLEAN, label="Within EU"),
)


@pytest.mark.parametrize("object_type", ObjectType)
def test_what_is_mapped_by_default_is_suggested_first(object_type: ObjectType) -> None:
    columns = standard(object_type)
    found = suggest(object_type, vendor_fields(object_type), columns)
    for row in default_rows(object_type, columns):
        if isinstance(row.source, VendorSource):
            assert found[row.source.field][0].column == row.column


@pytest.mark.parametrize(
    ("field", "first"),
    [
        ("companyPrimaryIndustry", "new_industry"),
        ("validDate", "new_seen"),
        ("withinEu", "new_flag"),
        ("metroArea", None),
    ],
)
def test_names_that_are_alike_come_first(field: str, first: str | None) -> None:
    best = suggest(LEAD, PEOPLE, COLUMNS)[field][0]
    assert (best.column if best.score > 0.5 else None) == first


def test_a_web_address_goes_rather_into_a_column_of_web_addresses() -> None:
    assert suggest(LEAD, PEOPLE, COLUMNS)["externalUrl"][0].column == "new_linkedin"


def test_only_columns_of_a_fitting_type_that_can_be_written_are_suggested() -> None:
    for field, suggestions in suggest(LEAD, PEOPLE, COLUMNS).items():
        assert len(suggestions) == len({each.column for each in suggestions})
        for each in suggestions:
            assert COLUMNS[each.column].type in COMPATIBLE[PEOPLE[field].type]
            assert COLUMNS[each.column].mappable
        assert [each.score for each in suggestions] == sorted(
            (each.score for each in suggestions), reverse=True
        )


def test_without_a_fitting_column_nothing_is_suggested() -> None:
    assert suggest(LEAD, PEOPLE, catalog(column("flag", ColumnType.BOOLEAN)))["birthday"] == []
