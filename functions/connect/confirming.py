"""A sign-in is held back until whoever started it confirms it, with the code that the browser brought back.

Whoever lures somebody else through the sign-in of theirs never gets that code, and so is never connected.
"""

import os
from collections.abc import Callable
from datetime import datetime

from functions.connect.completing import Completion
from functions.identity import Caller
from functions.trail import AuditTrail
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.connection import CONFIRMATION_LIFETIME, FlowPurpose, ProvenSignIn
from shared.domain.errors import Conflict
from shared.storage.auth_flows import new_state
from shared.storage.confirmations import ConfirmationStore

NEEDED = "confirmationNeeded"
"""The code of a sign-in that is held back."""

_CODE_BYTES = 32
# An approval ends in an administrator's browser, who has no account here. It connects nobody: whoever waits
# for it signs in again, and that is confirmed.
_CONFIRMED = frozenset(FlowPurpose) - {FlowPurpose.APPROVAL}


class Confirmations:
    """Ends sign-ins at once, or holds them back, as the deployment says."""

    def __init__(
        self,
        store: ConfirmationStore,
        completion: Completion,
        trail: AuditTrail,
        *,
        required: bool,
        clock: Callable[[], datetime],
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._store = store
        self._completion = completion
        self._trail = trail
        self._required = required
        self._clock = clock
        self._entropy = entropy

    def end(self, sign_in: ProvenSignIn) -> str | None:
        """Completes the sign-in, or gives the code that does so; it is good once, for ten minutes."""
        if not self._required or sign_in.purpose not in _CONFIRMED:
            self._completion.complete(sign_in)
            return None
        code = new_state(sign_in.tenant, self._entropy(_CODE_BYTES))
        self._store.hold(sign_in, code, self._clock() + CONFIRMATION_LIFETIME)
        self._trail.note(sign_in, AuditAction.SIGN_IN_HELD, sign_in.purpose.value)
        log.info("sign-in held back", purpose=sign_in.purpose)
        return code

    def confirm(self, caller: Caller, code: str) -> FlowPurpose:
        """Completes the caller's own sign-in. Whoever else brings a code destroys what it stands for."""
        sign_in = self._store.take(code, self._clock())
        if sign_in is None or not _is_own(caller, sign_in):
            self._refuse(caller, sign_in)
        else:
            self._completion.complete(sign_in)
            return sign_in.purpose
        raise Conflict(
            "confirmationUnknown",
            "There is no sign-in of yours to confirm with this code: it was used, its ten minutes are over, "
            "or somebody else started it. Start the sign-in again.",
        )

    def _refuse(self, caller: Caller, sign_in: ProvenSignIn | None) -> None:
        """Told to the tenant of the caller, and to that of whoever started."""
        self._trail.note(caller, AuditAction.CONFIRMATION_REFUSED, "confirmation")
        if sign_in is not None:
            self._trail.note(sign_in, AuditAction.SIGN_IN_REFUSED, f"{sign_in.purpose}/confirmedByAnother")
        log.warning("confirmation refused", found=sign_in is not None)


def _is_own(caller: Caller, sign_in: ProvenSignIn) -> bool:
    if (caller.tenant, caller.user) != (sign_in.tenant, sign_in.user):
        return False
    return caller.is_admin or sign_in.purpose is FlowPurpose.USER_CONNECTION
