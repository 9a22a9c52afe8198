"""Orders to erase as JSON."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from functions.http import Payload
from shared.domain.erasure import Erasure, ErasureKind, ErasureState, Person

_Text = Annotated[str, Field(min_length=1, max_length=320, pattern=r"\S")]


class ErasureRequest(Payload):
    """Whose records are to be erased: by the vendor's id or by e-mail address."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"vendorId": "1000000001"}]})

    vendor_id: _Text | None = None
    email: _Text | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.vendor_id is None) == (self.email is None):
            raise PydanticCustomError("person_ambiguous", "Give either vendorId or email")
        return self

    def to_domain(self) -> Person:
        return Person(
            None if self.vendor_id is None else self.vendor_id.strip(),
            None if self.email is None else self.email.strip(),
        )


class DeletionRequest(Payload):
    """The confirmation of a deletion that cannot be taken back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"confirm": "contoso"}]})

    confirm: str = Field(max_length=128, description="The tenant's id: claim `org_id` of your token.")


class ErasurePayload(Payload):
    """How far an order to erase is."""

    id: str
    kind: ErasureKind
    state: ErasureState
    requested_by: str
    created_at: datetime
    ended_at: datetime | None
    subject: str = Field(description="Who, unreadable; the audit log names them so too.")
    exports_looked_at: int
    exports_under_way: int = Field(description="Exports whose end has to be waited for.")
    removed: int = Field(description="Records of the person; of a tenant, rows and blobs.")

    @classmethod
    def of(cls, erasure: Erasure) -> "ErasurePayload":
        return cls(
            id=erasure.id,
            kind=erasure.kind,
            state=erasure.state,
            requested_by=erasure.requested_by,
            created_at=erasure.created_at,
            ended_at=erasure.ended_at,
            subject=erasure.subject,
            exports_looked_at=erasure.looked_at,
            exports_under_way=erasure.waiting,
            removed=erasure.removed,
        )
