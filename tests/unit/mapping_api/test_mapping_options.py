from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.mapping.row_payloads import MappingRowPayload
from shared.domain.mapping import (
    ConstantSource,
    LookupRule,
    MappingRow,
    OnInvalid,
    PhoneFormat,
    RowOptions,
    TemplateSource,
    TooLong,
    UpdateOption,
    VendorSource,
)
from tests import callers
from tests.site import Site

TOPIC = {"template": "{firstName} {lastName} - {companyName}", "column": "subject"}
LAST_NAME = {"vendorField": "lastName", "column": "lastname"}
JOB: dict[str, Any] = {"vendorField": "jobTitle", "column": "jobtitle"}
PLAIN = {"updateOption": "fillIfMissing", "onInvalid": "skipValue"}


def put(site: Site, *rows: Any) -> Any:
    body = {"rows": [TOPIC, LAST_NAME, *rows]}
    return site.call("PUT", "/mappings/lead", token=callers.admin(), body=body, If_Match="*")


@pytest.mark.parametrize(
    "row",
    [
        {**JOB, "tooLong": "cut"},
        {**JOB, "protectEdits": True, "updateOption": "overwrite"},
        {"vendorField": "directPhone", "column": "telephone1", "phoneFormat": "e164"},
        {
            "vendorField": "companyPrimaryIndustry",
            "column": "leadsourcecode",
            "choices": {"Retail": "Other", "Finance": 1},
            "otherChoice": 10,
        },
    ],
    ids=["too long", "protected", "phone", "choices"],
)
def test_options_are_kept_and_answered(site: Site, row: dict[str, Any]) -> None:
    answer = put(site, row)
    assert answer.status == 200, answer.json
    read = site.call("GET", "/mappings/lead", token=callers.admin()).json["rows"][2]
    assert read == {**PLAIN, **row}


def test_options_with_their_default_are_left_out_of_answers(site: Site) -> None:
    row = {
        **JOB,
        "tooLong": "refuse",
        "phoneFormat": "asItIs",
        "separator": "; ",
        "choices": {},
        "otherChoice": None,
        "dateFormat": None,
        "trueWords": [],
        "falseWords": [],
        "lookup": None,
        "block": None,
        "protectEdits": False,
    }
    assert put(site, row).json["rows"][2] == {**PLAIN, **JOB}


@pytest.mark.parametrize(
    ("option", "path"),
    [
        ({"toLong": "cut"}, "/rows/2/toLong"),
        ({"tooLong": "shorten"}, "/rows/2/tooLong"),
        ({"choices": {"Retail": True}}, "/rows/2/choices/Retail"),
        ({"choices": {"Retail": None}}, "/rows/2/choices/Retail"),
        ({"choices": ["Retail"]}, "/rows/2/choices"),
        ({"otherChoice": 2**40}, "/rows/2/otherChoice"),
        ({"trueWords": "ja"}, "/rows/2/trueWords"),
        ({"trueWords": [""]}, "/rows/2/trueWords/0"),
        ({"separator": ""}, "/rows/2/separator"),
        ({"lookup": "transactioncurrency"}, "/rows/2/lookup"),
        ({"lookup": {"table": "account"}}, "/rows/2/lookup/column"),
        ({"lookup": {"table": "account", "column": "name", "by": "x"}}, "/rows/2/lookup/by"),
        ({"protectEdits": "yes"}, "/rows/2/protectEdits"),
        ({"block": "x" * 51}, "/rows/2/block"),
    ],
)
def test_an_option_of_the_wrong_shape_is_refused_where_it_stands(
    site: Site, option: dict[str, Any], path: str
) -> None:
    answer = put(site, {**JOB, **option})
    assert (answer.status, answer.json["code"]) == (400, "bodyInvalid")
    assert path in {error["path"][: len(path)] for error in answer.json["errors"]}
    assert {error["row"] for error in answer.json["errors"]} == {3}


WORD = st.text(min_size=1, max_size=20)
OPTIONS = st.builds(
    RowOptions,
    too_long=st.sampled_from(TooLong),
    choices=st.dictionaries(WORD, st.one_of(WORD, st.integers(0, 10**9)), max_size=3).map(
        lambda words: tuple(words.items())
    ),
    other_choice=st.one_of(st.none(), WORD, st.integers(0, 10**9)),
    date_format=st.one_of(st.none(), st.just("DD.MM.YYYY")),
    true_words=st.lists(WORD, max_size=3).map(tuple),
    false_words=st.lists(WORD, max_size=3).map(tuple),
    phone_format=st.sampled_from(PhoneFormat),
    separator=st.sampled_from(["; ", ",", " / "]),
    lookup=st.one_of(st.none(), st.builds(LookupRule, WORD, WORD)),
    block=st.one_of(st.none(), WORD),
    protect_edits=st.booleans(),
)
ROWS = st.builds(
    MappingRow,
    source=st.one_of(
        st.builds(VendorSource, WORD.map(str.strip)),
        st.builds(ConstantSource, st.one_of(WORD, st.integers(-9, 9), st.booleans(), st.just(1.5))),
        st.builds(TemplateSource, st.text(max_size=40)),
    ),
    column=st.text(max_size=20).map(str.strip),
    update_option=st.sampled_from(UpdateOption),
    on_invalid=st.sampled_from(OnInvalid),
    options=OPTIONS,
)


@given(row=ROWS)
def test_a_row_survives_being_answered_and_sent_back(row: MappingRow) -> None:
    sent = MappingRowPayload.of(row).model_dump_json(by_alias=True)
    assert MappingRowPayload.model_validate_json(sent).to_domain() == row
