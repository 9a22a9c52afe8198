"""Other code in functions that are loaded already: quicker by far than to load everything anew."""

import functools
import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

_Cache = type(functools.cache(len))


class Patches:
    """The product's functions that are alive, by file; made once, when all is loaded."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.functions: dict[str, list[FunctionType]] = {}
        self.caches: list[Any] = []
        for thing in gc.get_objects():
            if type(thing) is FunctionType and thing.__code__.co_filename.startswith(f"{root}/"):
                self.functions.setdefault(thing.__code__.co_filename, []).append(thing)
            elif isinstance(thing, _Cache):
                self.caches.append(thing)

    def apply(self, path: str, spoiled: bytes) -> None:
        """Gives every function of the file the code that the spoiled source has in its place."""
        file = str(self.root / path)
        before = _codes(compile((self.root / path).read_bytes(), file, "exec", dont_inherit=True))
        after = _codes(compile(spoiled, file, "exec", dont_inherit=True))
        instead = {_place(old): new for old, new in zip(before, after, strict=True)}
        for function in self.functions.get(file, []):
            if (code := instead.get(_place(function.__code__))) is not None:
                function.__code__ = code
        for cache in self.caches:
            cache.cache_clear()

    def apply_constants(self, path: str, spoiled: bytes) -> bool:
        """Puts other constants into every module that has them; False where the mistake is in none."""
        name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        module = sys.modules.get(name)
        if module is None:
            return False
        made: dict[str, Any] = {**vars(module)}
        exec(compile(spoiled, str(self.root / path), "exec", dont_inherit=True), made)  # noqa: S102 - our own code
        changed = {
            each: made[each]
            for each, old in vars(module).items()
            if not each.startswith("__") and not _is_own(made[each], name) and made[each] != old
        }
        ours = [each for each in sys.modules.values() if _is_ours(each, self.root)]
        for each, new in changed.items():
            old = vars(module)[each]
            for loaded in [module] if each.startswith("_") else ours:
                if vars(loaded).get(each) is old:
                    setattr(loaded, each, new)
        for cache in self.caches:
            cache.cache_clear()
        return bool(changed)


def _is_own(value: object, module: str) -> bool:
    """Whether the module makes such things itself: another loading makes things of another class."""
    if isinstance(value, dict):
        return any(_is_own(each, module) for each in (*value, *value.values()))
    if isinstance(value, (tuple, list, set, frozenset)):
        return any(_is_own(each, module) for each in value)
    return getattr(value, "__module__", type(value).__module__) == module or isinstance(value, type)


def _is_ours(module: ModuleType, root: Path) -> bool:
    return str(getattr(module, "__file__", None) or "").startswith(f"{root}/")


def _codes(code: CodeType) -> list[CodeType]:
    return list(_inner(code))


def _inner(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _inner(constant)


def _place(code: CodeType) -> object:
    return code.co_qualname, code.co_firstlineno, tuple(code.co_positions())
