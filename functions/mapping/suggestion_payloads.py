"""Suggestions as JSON."""

from collections.abc import Sequence

from pydantic import Field

from functions.http import Payload
from shared.domain.fields import ColumnCatalog, VendorField
from shared.domain.suggest import Suggestion


class SuggestedColumnPayload(Payload):
    """A column that may take the vendor field."""

    column: str = Field(examples=["telephone1"])
    label: str = Field(examples=["Business Phone"])
    score: float = Field(
        description="Orders the columns; above 1 the names say that they belong together.", examples=[4.5]
    )


class SuggestionPayload(Payload):
    """A vendor field with the columns of a fitting type, best first."""

    vendor_field: str = Field(examples=["directPhone"])
    label: str = Field(examples=["Direct Phone"])
    columns: list[SuggestedColumnPayload]

    @classmethod
    def of(
        cls, field: VendorField, suggestions: Sequence[Suggestion], columns: ColumnCatalog
    ) -> "SuggestionPayload":
        return cls(
            vendor_field=field.name,
            label=field.label,
            columns=[
                SuggestedColumnPayload(column=each.column, label=columns[each.column].label, score=each.score)
                for each in suggestions
            ],
        )
