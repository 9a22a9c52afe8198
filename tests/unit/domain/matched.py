"""Vendor records, and which record of Dynamics each of them is taken for."""

from collections.abc import Iterable
from typing import Any

from shared.domain.ids import ObjectType, record_id
from shared.domain.matching import (
    Candidates,
    Choice,
    ExistingRecord,
    identify,
)
from tests.builders import TENANT, preferences, record

LEAD, ACCOUNT = ObjectType.LEAD, ObjectType.ACCOUNT


OURS = record_id(TENANT, LEAD, "another vendor id")


OUR_ACCOUNT = record_id(TENANT, ACCOUNT, "another vendor id")


ADA: dict[str, Any] = {
    "id": 1,
    "firstName": "Ada",
    "lastName": "Ngata",
    "companyName": "Contoso",
    "email": "ada@contoso.example",
}


ADA_THERE: dict[str, Any] = {"firstname": "Ada", "lastname": "Ngata", "companyname": "Contoso"}


CONTOSO: dict[str, Any] = {
    "id": 1,
    "name": "Contoso",
    "website": "https://www.contoso.example",
    "country": "United States",
}


def lead(fields: dict[str, Any], *found: ExistingRecord, **decisions: Any) -> Choice:
    return chosen(LEAD, fields, found, **decisions)


def account(fields: dict[str, Any], *found: ExistingRecord, **decisions: Any) -> Choice:
    return chosen(ACCOUNT, fields, found, **decisions)


def chosen(
    object_type: ObjectType, fields: dict[str, Any], found: Iterable[ExistingRecord], **more: Any
) -> Choice:
    decided = preferences(object_type, **more)
    identity = identify(record(**fields), TENANT, object_type, decided.match_rules)
    return Candidates(found, decided.match_rules).choose(identity, decided)
