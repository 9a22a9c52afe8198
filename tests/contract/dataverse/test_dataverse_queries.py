"""Queries of an entity set: columns, conditions, order, counts, pages."""

import pytest
from running_dataverse import CONTOSO, HOST, Answer, Organization

ROOT = CONTOSO["url"] + "/api/data/v9.2"
PEOPLE = [
    {
        "firstname": "Ann",
        "lastname": "Lee",
        "emailaddress1": "ann@lee.example",
        "numberofemployees": 5,
        "revenue": 10.5,
    },
    {
        "firstname": "Bob",
        "lastname": "O'Brian",
        "emailaddress1": "BOB@obrian.example",
        "numberofemployees": 50,
        "donotemail": True,
    },
    {
        "firstname": "Cem",
        "lastname": "Öz",
        "companyname": "100% Wool_Co",
        "numberofemployees": 500,
        "industrycode": 7,
    },
    {"firstname": "Dee", "lastname": "dee", "companyname": "Wool", "leadqualitycode": 1, "subject": "Dee  "},
]


@pytest.fixture
def people(contoso: Organization) -> Organization:
    for person in PEOPLE:
        contoso.create("leads", **person)
    return contoso


def found(organization: Organization, condition: str) -> str:
    """The first letters of the people who fit, in order."""
    rows = organization.rows(f"leads?$select=firstname&$orderby=firstname&$filter={condition}")
    return "".join(row["firstname"][0] for row in rows)


CONDITIONS = [
    ("lastname eq 'LEE'", "A"),
    ("lastname eq 'öZ'", "C"),
    ("lastname eq 'O''Brian'", "B"),
    ("lastname ne 'Lee'", "BCD"),
    ("'Lee' eq lastname", "A"),
    ("firstname eq lastname", "D"),
    ("numberofemployees gt 5", "BC"),
    ("numberofemployees ge 5 and numberofemployees lt 500", "AB"),
    ("not (numberofemployees gt 5)", "AD"),
    ("5 lt numberofemployees", "BC"),
    ("numberofemployees eq null", "D"),
    ("numberofemployees ne null", "ABC"),
    ("numberofemployees ne 5", "BCD"),
    ("revenue eq 10.5", "A"),
    ("numberofemployees lt 99999999999999999999", "ABC"),
    (" or ".join(["firstname eq 'Ann'"] * 500), "A"),
    ("(firstname eq 'x' or (not (firstname ne 'Ann') and " * 8 + "lastname ne null" + "))" * 8, "A"),
    ("not (" * 40 + "firstname eq 'Ann'" + ")" * 40, "A"),
    ("revenue gt 10", "A"),
    ("donotemail eq true", "B"),
    ("donotemail", "B"),
    ("not donotemail", "ACD"),
    ("contains(companyname,'wool')", "CD"),
    ("startswith(companyname,'WOOL')", "D"),
    ("endswith(companyname,'_co')", "C"),
    ("contains(companyname,'[%25]')", "C"),
    ("contains(companyname,'w__l')", "CD"),
    ("not contains(companyname,'wool')", "AB"),
    ("firstname eq 'Ann' or firstname eq 'Bob' and lastname eq 'x'", "A"),
    ("(firstname eq 'Ann' or firstname eq 'Bob') and lastname eq 'x'", ""),
    ("createdon gt 2001-01-01T00:00:00Z", "ABCD"),
    ("createdon lt 2001-01-01", ""),
    ("statecode eq 0", "ABCD"),
    ("_parentaccountid_value eq null", "ABCD"),
    ("owninguser/lastname eq 'Lindqvist'", "ABCD"),
    ("firstname eq @who&@who='cem'", "C"),
    ("firstname eq @nobody", ""),
    (
        "Microsoft.Dynamics.CRM.In(PropertyName='emailaddress1',PropertyValues=['ANN@lee.example','bob@obrian.example'])",
        "AB",
    ),
    ('Microsoft.Dynamics.CRM.In(PropertyName=\'lastname\',PropertyValues=["O\'Brian","Öz"])', "BC"),
    (
        'Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)&@p1=\'lastname\'&@p2=["OBrian","O\'Brian"]',
        "B",
    ),
    ("Microsoft.Dynamics.CRM.In(PropertyName='numberofemployees',PropertyValues=['5','50'])", "AB"),
    ("Microsoft.Dynamics.CRM.NotIn(PropertyName='numberofemployees',PropertyValues=[5,50])", "CD"),
    ('Microsoft.Dynamics.CRM.Between(PropertyName=\'numberofemployees\',PropertyValues=["5","50"])', "AB"),
    (
        "Microsoft.Dynamics.CRM.In(PropertyName='lastname',PropertyValues=['Lee']) and revenue gt 5",
        "A",
    ),
    ("Microsoft.Dynamics.CRM.In(PropertyName='lastname',PropertyValues=[])", ""),
]


@pytest.mark.parametrize(("condition", "who"), CONDITIONS, ids=[case[0][:80] for case in CONDITIONS])
def test_a_condition_finds(people: Organization, condition: str, who: str) -> None:
    assert found(people, condition) == who


def test_an_id_is_compared_without_quotes(contoso: Organization) -> None:
    lead = contoso.create("leads", lastname="Lee")
    assert len(contoso.rows(f"leads?$filter=leadid eq {lead}")) == 1
    path = f"leads?$filter=Microsoft.Dynamics.CRM.In(PropertyName='leadid',PropertyValues=['{lead}'])"
    assert len(contoso.rows(path)) == 1


def test_choices_are_found_by_their_values(contoso: Organization) -> None:
    column = {
        "schema_name": "new_Tags",
        "type": "MultiSelectPicklist",
        "options": {"1": "A", "2": "B", "12": "C"},
    }
    contoso.control("POST", f"tables/lead/columns?organization={HOST}", column)
    contoso.create("leads", lastname="x", new_tags="12,1")
    contoso.create("leads", lastname="y", new_tags="12")
    path = (
        "leads?$select=new_tags&$filter=Microsoft.Dynamics.CRM.{}(PropertyName='new_tags',PropertyValues={})"
    )
    assert [one["new_tags"] for one in contoso.rows(path.format("ContainValues", "['1']"))] == ["1,12"]
    assert [one["new_tags"] for one in contoso.rows(path.format("DoesNotContainValues", "['1','2']"))] == [
        "12"
    ]


def test_an_answer_has_the_asked_columns_and_the_primary_key(people: Organization) -> None:
    # "Query data using the Web API"
    answer = people.get("leads?$select=lastname&$filter=firstname eq 'Ann'").json()
    assert answer["@odata.context"] == f"{ROOT}/$metadata#leads(lastname)"
    (row,) = answer["value"]
    assert list(row) == ["@odata.etag", "lastname", "leadid"]


def test_an_address_line_brings_its_block(contoso: Organization) -> None:
    # "Query data using the Web API"
    contoso.create("leads", address1_line1="1 Main St")
    (row,) = contoso.rows("leads?$select=address1_line1")
    assert row["address1_composite"] == "1 Main St"


def test_order_ignores_case_and_puts_null_first(people: Organization) -> None:
    rows = people.rows("leads?$select=companyname,firstname&$orderby=companyname desc,firstname desc")
    assert [row["firstname"] for row in rows] == ["Dee", "Cem", "Bob", "Ann"]


def test_top_and_count(people: Organization) -> None:
    answer = people.get("leads?$select=firstname&$top=2&$orderby=firstname").json()
    assert [row["firstname"] for row in answer["value"]] == ["Ann", "Bob"]
    assert "@odata.nextLink" not in answer
    counted = people.get("leads?$select=firstname&$count=true&$filter=numberofemployees gt 5").json()
    assert counted["@odata.count"] == 2
    assert people.get("leads/$count").content.decode("utf-8-sig") == "4"


def test_pages_follow_their_links_until_the_end(people: Organization) -> None:
    # "Query data using the Web API": odata.maxpagesize and @odata.nextLink
    preference = "odata.maxpagesize=3"
    first = people.get("leads?$select=lastname&$orderby=numberofemployees desc", Prefer=preference)
    assert first.headers["Preference-Applied"] == preference
    assert len(first.json()["value"]) == 3
    link = first.json()["@odata.nextLink"]
    assert link.startswith(f"{ROOT}/leads?$select=lastname")
    assert "$skiptoken=%3Ccookie%20pagenumber=%222%22%20pagingcookie=" in link
    second = follow(people, link, preference).json()
    assert [row["lastname"] for row in first.json()["value"] + second["value"]] == [
        "Öz",
        "O'Brian",
        "Lee",
        "dee",
    ]
    assert "@odata.nextLink" not in second


def test_paging_meets_each_row_once_while_others_write(contoso: Organization) -> None:
    ids = {contoso.create("leads", lastname=str(number % 3)) for number in range(20)}
    seen: list[str] = []
    answer = contoso.get("leads?$select=lastname&$orderby=lastname", Prefer="odata.maxpagesize=3").json()
    while True:
        seen += [row["leadid"] for row in answer["value"]]
        contoso.create("leads", lastname="0")
        contoso.patch(f"leads({seen[-1]})", {"firstname": "changed"})
        if "@odata.nextLink" not in answer:
            break
        answer = follow(contoso, answer["@odata.nextLink"], "odata.maxpagesize=3").json()
    assert len(seen) == len(set(seen))
    assert ids <= set(seen)


def follow(organization: Organization, link: str, preference: str) -> Answer:
    return organization.get(link.removeprefix(ROOT + "/"), Prefer=preference)


def test_a_thousand_rows_are_found_by_500_addresses(contoso: Organization) -> None:
    targets = [{"lastname": str(n), "emailaddress1": f"p{n}@x.example"} for n in range(1000)]
    assert contoso.bulk("lead", "CreateMultiple", targets).status_code == 200
    wanted = ",".join(f'"P{n}@X.example"' for n in range(0, 1000, 2))
    function = f"Microsoft.Dynamics.CRM.In(PropertyName='emailaddress1',PropertyValues=[{wanted}])"
    path = f"leads?$select=lastname&$filter={function}"
    assert {row["lastname"] for row in contoso.rows(path)} == {str(n) for n in range(0, 1000, 2)}


def test_the_service_document_lists_the_entity_sets(contoso: Organization) -> None:
    # "Query data using OData": service document
    answer = contoso.get("").json()
    assert {"name": "accounts", "kind": "EntitySet", "url": "accounts"} in answer["value"]


def test_the_metadata_version_changes_with_the_tables(contoso: Organization) -> None:
    # "Compose HTTP requests and handle errors": globalmetadataversion
    wish = 'odata.include-annotations="Microsoft.Dynamics.CRM.globalmetadataversion"'
    name = "@Microsoft.Dynamics.CRM.globalmetadataversion"
    before = contoso.get("accounts?$top=1", Prefer=wish).json()[name]
    assert contoso.get("accounts?$top=1", Prefer=wish).json()[name] == before
    contoso.control(
        "POST",
        f"tables/account/columns?organization={HOST}",
        {"schema_name": "new_X", "type": "String", "max_length": 5},
    )
    assert contoso.get("accounts?$top=1", Prefer=wish).json()[name] != before
