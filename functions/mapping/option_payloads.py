"""The options of a mapping row as JSON."""

from typing import Annotated, Any

from pydantic import Field

from functions.http import Payload
from shared.domain.mapping import NO_OPTIONS, PhoneFormat, TooLong

_MOST_WORDS = 100
_MOST_CHOICES = 1000

Word = Annotated[str, Field(min_length=1, max_length=200)]
ChoiceNumber = Annotated[int, Field(ge=-(2**31), lt=2**31)]
Choice = Word | ChoiceNumber


class LookupPayload(Payload):
    """How the record that a lookup names is found: by a column of the target table."""

    table: str = Field(min_length=1, max_length=100, examples=["transactioncurrency"])
    column: str = Field(min_length=1, max_length=100, examples=["isocurrencycode"])


class RowOptionsPayload(Payload):
    """What a row asks for beside source and column."""

    too_long: TooLong = Field(
        default=NO_OPTIONS.too_long,
        description="A text longer than its column: refused, or cut at a word.",
    )
    choices: dict[Word, Choice] = Field(
        default_factory=dict,
        max_length=_MOST_CHOICES,
        description="The vendor's words, each with the label or the number of a choice.",
        examples=[{"Retail": "Consumer Services", "Finance": 16}],
    )
    other_choice: Choice | None = Field(
        default=None, description="Stands for a word that is neither mapped nor a label."
    )
    date_format: str | None = Field(
        default=None,
        max_length=40,
        description="How the vendor writes dates: YYYY, MM, DD, HH, mm.",
        examples=["DD.MM.YYYY"],
    )
    true_words: list[Word] = Field(default_factory=list, max_length=_MOST_WORDS, examples=[["ja", "oui"]])
    false_words: list[Word] = Field(default_factory=list, max_length=_MOST_WORDS, examples=[["nein", "non"]])
    phone_format: PhoneFormat = Field(
        default=NO_OPTIONS.phone_format, description="Phone numbers as they are, or written anew."
    )
    separator: str = Field(
        default=NO_OPTIONS.separator, min_length=1, max_length=20, description="Joins the items of a list."
    )
    lookup: LookupPayload | None = Field(
        default=None,
        description="By which column of which table the record is found.",
        examples=[{"table": "transactioncurrency", "column": "isocurrencycode"}],
    )
    block: str | None = Field(
        default=None,
        min_length=1,
        max_length=50,
        description="Rows of one block take their values from one source, all or none.",
        examples=["address"],
    )
    protect_edits: bool = Field(
        default=False, description="Overwrite only what this service wrote last, never a person's edit."
    )

    def given_options(self) -> dict[str, Any]:
        """The options by their JSON names, for the rows' own form."""
        return self.model_dump(mode="json", by_alias=True, include=set(RowOptionsPayload.model_fields))
