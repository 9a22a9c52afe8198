"""A mapping compiled for one organization: plain closures that run over every record."""

from shared.domain.compiled.compile import compile_mapping
from shared.domain.compiled.engine import CompiledMapping
from shared.domain.compiled.mapped import LeftOut, Mapped, Values

__all__ = ["CompiledMapping", "LeftOut", "Mapped", "Values", "compile_mapping"]
