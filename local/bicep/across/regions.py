"""The regions together: each organization's host belongs to one, in the cloud in which the region lies."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local.bicep.across.code import cloud_of
from local.bicep.findings import Finding
from local.bicep.program import SourceFile
from local.bicep.syntax.tree import Keyword, Statement

_CLOUDS = {"usgov": "usGovernment", "usdod": "usGovernment", "china": "china"}


def judge_regions(regions: Mapping[Path, tuple[SourceFile, Mapping[str, Any]]]) -> Iterator[Finding]:
    """Regions that contradict their names, the code, or each other."""
    owners: dict[str, str] = {}
    for path, (file, given) in sorted(regions.items()):
        if given.get("stamp") != path.stem:
            what = f"The stamp {given.get('stamp')!r} is not called like its file."
            yield Finding(path, _at(file, "stamp").at, what, f"Call it {path.stem!r}.")
        place = _at(file, "dataverseHosts").at
        for host in _hosts(given):
            cloud, wanted = cloud_of(host), _cloud(str(given.get("location")))
            if cloud is None:
                what = f"The code refuses organizations of the host {host!r}."
                yield Finding(
                    path,
                    place,
                    what,
                    "Put the host right, or add its cloud to shared/domain/organization.py.",
                )
            elif not cloud.startswith(wanted):
                what = f"The host {host!r} is of the cloud {cloud}, its region's location of {wanted}."
                yield Finding(path, place, what, "Serve it from a region of its own cloud.")
            if host in owners:
                what = f"The host {host!r} belongs to the region {owners[host]} already."
                yield Finding(path, place, what, "Leave it to one of them.")
            owners.setdefault(host, path.stem)


def _hosts(given: Mapping[str, Any]) -> list[str]:
    hosts = given.get("dataverseHosts")
    return [host for host in hosts if isinstance(host, str)] if isinstance(hosts, list) else []


def _cloud(location: str) -> str:
    return next((cloud for mark, cloud in _CLOUDS.items() if location.startswith(mark)), "public")


def _at(file: SourceFile, name: str) -> Statement:
    named = (each for each in file.tree.of(Keyword.PARAM) if each.name == name)
    return next(named, file.tree.statements[0])
