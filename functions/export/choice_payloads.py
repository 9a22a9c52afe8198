"""Candidates and choices as JSON."""

from datetime import datetime
from typing import Any, Self

from pydantic import Field, model_validator

from functions.export.candidates import Candidate
from functions.http import Payload


class ChoiceRequest(Payload):
    """Which record of Dynamics a vendor record is: one of its candidates, or a new one."""

    dynamics_id: str | None = Field(default=None, description="One of the record's `match.candidates`.")
    create: bool = Field(default=False, description="None of them: a new record.")

    @model_validator(mode="after")
    def _one_choice(self) -> Self:
        if (self.dynamics_id is None) != self.create:
            raise ValueError("give either “dynamicsId” or “create”: true")
        return self


class ShownValuePayload(Payload):
    """What a candidate holds in one column."""

    column: str
    label: str
    value: Any


class CandidatePayload(Payload):
    """A record of Dynamics that may be picked."""

    id: str
    address: str = Field(description="Where a person can look at it in Dynamics.")
    read_only: bool = Field(description="A qualified lead, or an inactive account: it cannot be written.")
    created_on: datetime | None = Field(strict=False)
    modified_on: datetime | None = Field(strict=False)
    values: tuple[ShownValuePayload, ...]

    @classmethod
    def of(cls, candidate: Candidate) -> "CandidatePayload":
        return cls.model_validate(candidate, from_attributes=True)
