"""The base of every JSON shape that goes in or out: camelCase names, nothing unknown, nothing converted."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Payload(BaseModel):
    """A JSON object of the API. A body with an unknown member is refused: it is a typing mistake."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        extra="forbid",
        frozen=True,
        strict=True,
        defer_build=True,  # dozens of shapes, of which a first call needs a few
    )
