"""How it was decided which Dynamics record a vendor record is: kept with its outcome for people to follow."""

from dataclasses import dataclass

from shared.domain.preferences import MatchRule

VENDOR_ID = "vendorId"
"""The rule before all others: the record that this service made for the vendor's id."""

BY_CHOICE = "choice"
"""The rule above all: a person picked."""

MOST_CANDIDATES = 25
"""Nobody picks among more; with the chosen one, the oldest are kept."""

_WHY = {
    VENDOR_ID: "This service made the record for this very vendor id.",
    BY_CHOICE: "A person chose it.",
    MatchRule.EMAIL: "The e-mail address is the same.",
    MatchRule.NAME_AND_COMPANY: "The names and the company are the same, and no e-mail address differs.",
    MatchRule.WEBSITE: "The website is the same.",
    MatchRule.NAME: "The name is the same, and neither website nor place differs.",
}


@dataclass(frozen=True, slots=True)
class Match:
    """The rule that decided, the records that it found, oldest first, and which of them is the one.

    `chosen` None: none of them was written to. Where a person chose a new record, nothing was found either.
    """

    rule: str
    candidates: tuple[str, ...]
    chosen: str | None

    @property
    def is_open(self) -> bool:
        """Whether a person can still pick."""
        return self.chosen is None and bool(self.candidates)

    @property
    def why(self) -> str:
        """The decision in a sentence or two."""
        said = _WHY.get(self.rule, "")
        if self.rule == BY_CHOICE or len(self.candidates) < 2:
            return said
        which = "none of them was chosen" if self.chosen is None else self._which()
        more = " or more" if len(self.candidates) == MOST_CANDIDATES else ""
        return f"{said} {len(self.candidates)}{more} records match; {which}."

    def _which(self) -> str:
        if self.chosen == self.candidates[0]:
            return "the oldest was chosen"
        return "the newest was chosen" if self.chosen == self.candidates[-1] else "one was chosen"
