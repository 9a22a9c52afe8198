"""What a mapping makes of one vendor record."""

from dataclasses import dataclass, field

from shared.domain.compiled.blocks import Block
from shared.domain.convert import ColumnValue
from shared.domain.mapping import UpdateOption

Values = dict[str, ColumnValue]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A value that does not reach its column, and why."""

    column: str
    code: str
    message: str


@dataclass(slots=True)
class Mapped:
    """A record's values by column, sorted by what may happen to a record that exists already.

    `blocks` are the values of columns that stand together, such as an address, in the order of the records.
    """

    overwrite: Values = field(default_factory=dict)
    fill: Values = field(default_factory=dict)
    create_only: Values = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    rejected: LeftOut | None = None
    blocks: list[tuple[Block, Values]] = field(default_factory=list)

    def for_create(self) -> Values:
        """Everything: the new record is empty, so that what was set at its creation is filled already."""
        values = {**self.fill, **self.create_only, **self.overwrite}
        begun: set[tuple[str, ...]] = set()
        for block, ours in self.blocks:
            values |= block.changes(ours, values) if block.columns in begun else ours
            begun.add(block.columns)
        return values

    def overwriting(self) -> set[str]:
        """The columns that may be written whatever an existing record holds in them."""
        blocks = (block.columns for block, _ in self.blocks if block.option is UpdateOption.OVERWRITE)
        return set(self.overwrite).union(*blocks)

    def followed_by(self, later: "Mapped") -> "Mapped":
        """The effect of this record and then the later one on the same Dynamics record."""
        return Mapped(
            overwrite=self.overwrite | later.overwrite,
            fill=later.fill | self.fill,
            create_only=self.create_only,
            left_out=self.left_out + later.left_out,
            blocks=self.blocks + later.blocks,
        )
