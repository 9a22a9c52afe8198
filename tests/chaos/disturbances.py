"""All that may happen to a running export, and how often each of it is chosen."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.crowd import Crowd
from tests.chaos.door_orders import DoorOrder, Trouble
from tests.chaos.people import Kind
from tests.chaos.stage import READ_SECONDS, Stage

_SERVICES = ("table", "blob", "queue")
_PATHS = ("CreateMultiple", "UpdateMultiple", "$batch", "")
_SHORT_LIFE, _LONG_LIFE = 2, 3600
_TITLE = "tables/lead/columns/jobtitle"


@dataclass(frozen=True, slots=True)
class Scene:
    """What disturbances choose from. `done`: what was ordered or happened, before it is known what struck."""

    stage: Stage
    chance: random.Random
    crowd: Crowd
    done: Counter[str] = field(default_factory=Counter)

    def disturb(self, name: str | None = None) -> None:
        """The named disturbance, or one by chance."""
        if name is None:
            (name,) = self.chance.choices(list(_ALL), weights=[weight for weight, _ in _ALL.values()])
        _ALL[name][1](self)

    def calm(self) -> Counter[str]:
        """Ends all troubles; gives how many of each kind there were."""
        waiting = self.stage.dataverse.control("GET", "faults")
        self.stage.dataverse.control("DELETE", "faults")
        for order in waiting:
            self.done[_name_of(order)] -= 1
        self.stage.entra("DELETE", "faults")
        self.stage.entra("PATCH", "settings", {"accessTokenLifetime": _LONG_LIFE})
        self.stage.dataverse.control("PATCH", _TITLE, {"max_length": 100})
        return +(self.done + self.stage.script.end())


def _dataverse(scene: Scene, **order: Any) -> None:
    # In front of $batch and the bulk actions alike; the empty path hits whatever comes next.
    ordered = {"path": scene.chance.choice(_PATHS), "after": scene.chance.randrange(3), **order}
    scene.stage.dataverse.fault(**ordered)
    scene.done[_name_of(ordered)] += 1


def _name_of(order: dict[str, Any]) -> str:
    what = order["status"] if order["action"] == "status" else order["action"]
    return f"dataverse {what}"


def _status(status: int, **more: Any) -> Callable[[Scene], None]:
    return lambda scene: _dataverse(scene, action="status", status=status, **more)


def _throttled(scene: Scene) -> None:
    wait = scene.chance.choice([1, 2])
    _dataverse(scene, action="status", status=429, code="0x80072322", retryAfter=wait)


def _beyond_timeout(scene: Scene) -> None:
    _dataverse(scene, action="delay", seconds=READ_SECONDS + scene.chance.uniform(0.2, 2))


def _cut(action: str) -> Callable[[Scene], None]:
    return lambda scene: _dataverse(scene, action=action)


def _at_door(trouble: Trouble, *services: str, seconds: float = 0.0) -> Callable[[Scene], None]:
    def order(scene: Scene) -> None:
        late = scene.chance.uniform(0.1, 1) * seconds
        scene.stage.script.order(DoorOrder(trouble, scene.chance.choice(services), late))

    return order


def _kill(scene: Scene) -> None:
    scene.stage.kill_host()
    scene.done["worker killed"] += 1


def _restart(scene: Scene) -> None:
    scene.stage.restart_storage()
    scene.done["storage restarted"] += 1


def _expire_tokens(scene: Scene) -> None:
    """Access tokens live for seconds from now on, then for an hour again."""
    life = scene.chance.choice([_SHORT_LIFE, _LONG_LIFE])
    scene.stage.entra("PATCH", "settings", {"accessTokenLifetime": life})
    scene.done["tokens expire"] += life == _SHORT_LIFE


def _entra_fault(scene: Scene) -> None:
    scene.stage.entra("POST", "faults", {"count": 1, "status": scene.chance.choice([500, 503, 429])})
    scene.done["entra refuses (ordered)"] += 1


def _change_metadata(scene: Scene) -> None:
    scene.stage.dataverse.control("PATCH", _TITLE, {"max_length": scene.chance.choice([60, 80, 100])})
    scene.done["metadata changed"] += 1


def _delete_match(scene: Scene) -> None:
    taken = _take_lead(scene, Kind.DOOMED)
    if taken is not None:
        scene.done["matched record deleted"] += scene.stage.colleague.delete(taken[1])


def _edit_match(scene: Scene) -> None:
    taken = _take_lead(scene, Kind.EDITED)
    if taken is not None:
        email, lead = taken
        scene.done["matched record edited"] += scene.stage.colleague.fill_in(lead, email)


def _take_lead(scene: Scene, kind: Kind) -> tuple[str, str] | None:
    """The e-mail and id of a lead that was there before, of the latest people first; each is taken once."""
    crowd = scene.crowd
    with crowd.lock:
        emails = [each.email for each in crowd.people if each.kind is kind and each.email in crowd.leads]
        if not emails:
            return None
        email = scene.chance.choice(emails[-10:])
        return email, crowd.leads.pop(email)


_ALL: dict[str, tuple[int, Callable[[Scene], None]]] = {
    "dropBefore": (6, _cut("dropBefore")),
    "dropAfter": (6, _cut("dropAfter")),
    "429": (4, _throttled),
    "503": (4, _status(503)),
    "502": (3, _status(502)),
    "500": (3, _status(500, code="0x80040216")),
    "401": (4, _status(401)),
    "beyond the timeout": (2, _beyond_timeout),
    "message twice": (5, _at_door(Trouble.TWICE, "queue")),
    "message again, late": (5, _at_door(Trouble.LATE_COPY, "queue", seconds=6)),
    "messages in another order": (3, _at_door(Trouble.REVERSED, "queue")),
    "lost reply of storage": (8, _at_door(Trouble.LOST_REPLY, *_SERVICES)),
    "storage fails after": (5, _at_door(Trouble.FAILED_AFTER, *_SERVICES)),
    "storage drops": (4, _at_door(Trouble.DROPPED, *_SERVICES)),
    "storage busy": (4, _at_door(Trouble.BUSY, *_SERVICES)),
    "storage slow": (3, _at_door(Trouble.SLOW, *_SERVICES, seconds=2)),
    "worker killed": (2, _kill),
    "storage restarted": (1, _restart),
    "tokens expire": (2, _expire_tokens),
    "entra refuses": (2, _entra_fault),
    "metadata": (2, _change_metadata),
    "matched record deleted": (6, _delete_match),
    "matched record edited": (6, _edit_match),
}
