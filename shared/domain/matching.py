"""Which Dynamics record a vendor record is, found in bulk: what to ask for, and whom to choose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

from shared.domain.ids import ObjectType, TenantId, is_service_made, record_id, vendor_id_of
from shared.domain.likeness import same_or_unknown, same_place
from shared.domain.match_decisions import BY_CHOICE, MOST_CANDIDATES, VENDOR_ID, Match
from shared.domain.preferences import MatchRule, ObjectPreferences, OnReadOnlyMatch, OnSeveralMatches
from shared.domain.records import VendorRecord
from shared.domain.websites import website_domain, website_spellings

PRIMARY_ID = {ObjectType.LEAD: "leadid", ObjectType.ACCOUNT: "accountid"}

MATCH_COLUMNS = {
    MatchRule.EMAIL: ("emailaddress1",),
    MatchRule.NAME_AND_COMPANY: ("lastname", "firstname", "companyname"),
    MatchRule.WEBSITE: ("websiteurl",),
    MatchRule.NAME: ("name", "address1_postalcode", "address1_country"),
}
"""The Dynamics columns by which a rule recognizes a record."""

AGAINST_COLUMNS = {
    MatchRule.NAME_AND_COMPANY: ("emailaddress1",),
    MatchRule.NAME: ("websiteurl",),
}
"""The Dynamics columns that may speak against a record of the same name."""

_CERTAIN = frozenset({MatchRule.EMAIL})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ExistingRecord:
    """A row of Dynamics that may be the vendor record. `created_on` is ISO text."""

    id: str
    etag: str
    values: Mapping[str, Any]
    read_only: bool
    created_on: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """One question to Dynamics: the rows whose every named column holds one of the values."""

    conditions: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person picked: a record of Dynamics, None for a new one."""

    id: str | None


@dataclass(frozen=True, slots=True)
class Identity:
    """By what one vendor record is recognized. A rule that the record has no values for is absent.

    `email` and `domain` tell it from others of the same name, whatever the rules; empty where it has none.
    `chosen`: no rule decides, for a person has.
    """

    vendor_id: str
    record_id: str
    keys: Mapping[MatchRule, tuple[str, ...]]
    email: str = ""
    domain: str = ""
    chosen: Chosen | None = None


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several existing records match, and the preferences say to leave them alone."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadOnlyMatch:
    """The match cannot be written in Dynamics, and the preferences say to leave it alone."""

    id: str


@dataclass(frozen=True, slots=True)
class ChosenGone:
    """The record that a person picked is not in Dynamics any more."""

    id: str


Choice = ExistingRecord | Ambiguous | ReadOnlyMatch | ChosenGone | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The choice, and how it came about; None where no rule found anything."""

    choice: Choice
    match: Match | None = None


_NOTHING = Decision(None)


def identify(
    record: VendorRecord,
    tenant: TenantId,
    object_type: ObjectType,
    rules: Sequence[MatchRule],
) -> Identity:
    """By what the record is recognized, in the order of the rules."""
    fields = record.fields
    vendor_id = vendor_id_of(fields)
    email = email_of(fields) or ""
    domain = website_domain(_text(fields, "website"))
    keys = {rule: key for rule in rules if (key := _key(rule, fields, email, domain)) is not None}
    return Identity(vendor_id, record_id(tenant, object_type, vendor_id), keys, email.casefold(), domain)


def lookups(object_type: ObjectType, identities: Sequence[Identity], most_values: int) -> list[Lookup]:
    """Everything to ask for, in questions of at most `most_values` values."""
    picked = (identity.chosen.id for identity in identities if identity.chosen and identity.chosen.id)
    ids = list(dict.fromkeys(chain((identity.record_id for identity in identities), picked)))
    asked = [Lookup(((PRIMARY_ID[object_type], tuple(part)),)) for part in _slices(ids, most_values)]
    for rule in MatchRule:
        keys = list(dict.fromkeys(identity.keys[rule] for identity in identities if rule in identity.keys))
        asked += _rule_lookups(rule, keys, most_values)
    return asked


def _rule_lookups(rule: MatchRule, keys: list[tuple[str, ...]], most_values: int) -> list[Lookup]:
    match rule:
        case MatchRule.WEBSITE:
            spellings = [spelling for (domain,) in keys for spelling in website_spellings(domain)]
            return [Lookup((("websiteurl", tuple(part)),)) for part in _slices(spellings, most_values)]
        case MatchRule.NAME_AND_COMPANY:
            return [
                Lookup(
                    tuple(
                        (column, tuple(dict.fromkeys(key[index] for key in part)))
                        for index, column in enumerate(MATCH_COLUMNS[rule])
                    ),
                )
                for part in _slices(keys, most_values // 3)
            ]
        case _:
            names = list(dict.fromkeys(key[0] for key in keys))
            column = MATCH_COLUMNS[rule][0]
            return [Lookup(((column, tuple(part)),)) for part in _slices(names, most_values)]


class Candidates:
    """The existing records that were found, by what they are recognized."""

    def __init__(self, found: Iterable[ExistingRecord], rules: Sequence[MatchRule]) -> None:
        self._by_id: dict[str, ExistingRecord] = {}
        for existing in found:
            self._by_id.setdefault(existing.id, existing)
        self._rules = frozenset(rules)
        self._by_key: dict[MatchRule, dict[str, list[ExistingRecord]]] = {}

    def choose(self, identity: Identity, preferences: ObjectPreferences) -> Choice:
        """The record to write to, None for a new one, or why neither may be done."""
        return self.decide(identity, preferences).choice

    def decide(self, identity: Identity, preferences: ObjectPreferences) -> Decision:
        """The choice, with the rule that made it and the records among which it was made."""
        if identity.chosen is not None and identity.chosen.id is not None:
            return self._picked(identity.chosen.id)
        own = self._by_id.get(identity.record_id)
        if own is not None:
            return _decision(VENDOR_ID, [own], ReadOnlyMatch(own.id) if own.read_only else own)
        if identity.chosen is not None:
            return Decision(None, Match(BY_CHOICE, (), None))
        if preferences.allow_duplicates or not self._by_id:
            return _NOTHING
        for rule, key in identity.keys.items():
            matches = self._matches(rule, key, identity)
            if matches and (choice := _decide(matches, preferences)) is not None:
                return _decision(rule, matches, choice)
        return _NOTHING

    def _picked(self, row_id: str) -> Decision:
        picked = self._by_id.get(row_id)
        if picked is None:
            return Decision(ChosenGone(row_id))
        return _decision(BY_CHOICE, [picked], ReadOnlyMatch(row_id) if picked.read_only else picked)

    def _matches(self, rule: MatchRule, key: tuple[str, ...], identity: Identity) -> list[ExistingRecord]:
        folded = _fold(key) if rule is not MatchRule.NAME else key[0].casefold()
        matches = self._known_by(rule).get(folded, [])
        if rule in _CERTAIN or not matches:
            return matches
        # A record that this service made has a vendor id of its own: another vendor id with the same name
        # or website is another person or company, however alike they look.
        foreign = [match for match in matches if not is_service_made(match.id)]
        match rule:
            case MatchRule.NAME_AND_COMPANY:
                return [each for each in foreign if same_or_unknown(identity.email, _email_there(each))]
            case MatchRule.NAME:
                alike = [each for each in foreign if same_or_unknown(identity.domain, _domain_there(each))]
                return [each for each in alike if same_place(key[1:], _place_there(each))]
        return foreign

    def _known_by(self, rule: MatchRule) -> dict[str, list[ExistingRecord]]:
        """Those found, by their keys for a rule. Most often nobody asks, for the vendor ids are known."""
        known = self._by_key.get(rule)
        if known is None:
            known = self._by_key[rule] = {}
            for existing in self._by_id.values() if rule in self._rules else ():
                if (key := _existing_key(rule, existing.values)) is not None:
                    known.setdefault(key, []).append(existing)
        return known


def _decision(rule: str, matches: list[ExistingRecord], choice: Choice) -> Decision:
    chosen = choice.id if isinstance(choice, ExistingRecord) else None
    ids = [matches[0].id] if len(matches) == 1 else [each.id for each in sorted(matches, key=_age)]
    if len(ids) > MOST_CANDIDATES:
        ids = [*ids[: MOST_CANDIDATES - 1], chosen or ids[-1]]
    return Decision(choice, Match(str(rule), tuple(ids), chosen))


def _age(existing: ExistingRecord) -> tuple[str, str]:
    return existing.created_on, existing.id


def _decide(matches: list[ExistingRecord], preferences: ObjectPreferences) -> Choice:
    writable = [match for match in matches if not match.read_only]
    if not writable:
        new = preferences.on_read_only_match is OnReadOnlyMatch.CREATE_NEW
        return None if new else ReadOnlyMatch(matches[0].id)
    if len(writable) == 1:
        return writable[0]
    by_age = sorted(writable, key=_age)
    match preferences.on_several_matches:
        case OnSeveralMatches.UPDATE_OLDEST:
            return by_age[0]
        case OnSeveralMatches.UPDATE_NEWEST:
            return by_age[-1]
        case OnSeveralMatches.SKIP | OnSeveralMatches.ASK:
            return Ambiguous(tuple(match.id for match in by_age))


def _email_there(existing: ExistingRecord) -> str:
    return _text(existing.values, "emailaddress1").casefold()


def _place_there(existing: ExistingRecord) -> tuple[str, str]:
    return _text(existing.values, "address1_postalcode"), _text(existing.values, "address1_country")


def _domain_there(existing: ExistingRecord) -> str:
    return website_domain(_text(existing.values, "websiteurl"))


def _key(rule: MatchRule, fields: Mapping[str, Any], email: str, domain: str) -> tuple[str, ...] | None:
    match rule:
        case MatchRule.EMAIL:
            return (email,) if email else None
        case MatchRule.NAME_AND_COMPANY:
            key = (_text(fields, "lastName"), _text(fields, "firstName"), _text(fields, "companyName"))
            return key if all(key) else None
        case MatchRule.WEBSITE:
            return (domain,) if domain else None
        case MatchRule.NAME:
            name = _text(fields, "name")
            return (name, _text(fields, "zipCode"), _text(fields, "country")) if name else None


def email_of(fields: Mapping[str, Any]) -> str | None:
    """The e-mail address of a vendor record; None for what is none."""
    email = _text(fields, "email")
    return email if "@" in email else None


def _existing_key(rule: MatchRule, values: Mapping[str, Any]) -> str | None:
    if rule is MatchRule.WEBSITE:
        return website_domain(_text(values, "websiteurl")) or None
    if rule is MatchRule.NAME:
        return _text(values, "name").casefold() or None
    key = tuple(_text(values, column) for column in MATCH_COLUMNS[rule])
    return _fold(key) if all(key) else None


def _fold(key: tuple[str, ...]) -> str:
    return "\n".join(key).casefold()


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def _slices(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
