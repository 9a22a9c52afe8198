"""The table of Dataverse's errors: what each code and each HTTP status means to the customer.

Codes: "Web service error codes" and the pages named beside them. Sentences never repeat Dataverse's own text,
which may hold values of a record. `{column}` becomes the column or "a column"; `{limit}` a length or nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.domain.errors import NeedsUser, RecordRejected, Transient


class AlreadyExists(RecordRejected):
    """A row with this primary key is there: whoever made the key has created it before."""


class ChangedMeanwhile(RecordRejected):
    """Somebody changed the row after its ETag was read."""


class RecordGone(RecordRejected):
    """The row was deleted, or a row that it refers to."""


class Uncertain(Transient):
    """The answer to a write got lost: it may have been carried out. Repeat it from a saved plan."""


class BudgetSpent(Transient):
    """What a window of service protection grants is used up: more comes as time goes by, whoever asks."""


Kind = type[NeedsUser | Transient | RecordRejected]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What one error of Dataverse means: who acts next, our stable code, the sentence for the customer."""

    kind: Kind
    code: str
    message: str


_ADMIN = "Ask your Dynamics administrator"

SIGN_IN_AGAIN = Refusal(
    NeedsUser, "signInAgain", "Dynamics no longer accepts the sign-in. Connect to Dynamics again."
)
NOT_A_USER = Refusal(
    NeedsUser,
    "userNotInOrganization",
    "The signed-in account is not a user of this Dynamics organization. "
    f"{_ADMIN} to add it, or connect with another account.",
)
USER_DISABLED = Refusal(
    NeedsUser,
    "userDisabled",
    "The signed-in account is disabled in Dynamics, or belongs to no business unit. "
    f"{_ADMIN} to enable it, or connect with another account.",
)
NO_ROLE = Refusal(
    NeedsUser,
    "userWithoutRole",
    f"The signed-in account has no security role in Dynamics. {_ADMIN} to assign one.",
)
NO_LICENCE = Refusal(
    NeedsUser,
    "userWithoutLicence",
    f"The signed-in account has no licence for Dynamics. {_ADMIN} to assign one.",
)
PRIVILEGE_MISSING = Refusal(
    NeedsUser,
    "privilegeMissing",
    "The signed-in account may not do this in Dynamics: {privilege} is missing. "
    f"{_ADMIN} for a security role that contains it.",
)
ACCESS_DENIED = Refusal(
    NeedsUser,
    "accessDenied",
    f"Dynamics denies access to the signed-in account. {_ADMIN} to check its security roles and access mode.",
)
COLUMN_SECURED = Refusal(
    NeedsUser,
    "columnSecured",
    "{column} is secured, and the signed-in account may not write it. "
    f"{_ADMIN} for a column security profile, or remove the column from the mapping.",
)
ORGANIZATION_DISABLED = Refusal(
    NeedsUser,
    "organizationDisabled",
    f"The Dynamics organization is disabled, read-only or expired. {_ADMIN} to put it back into service.",
)
STORAGE_FULL = Refusal(
    NeedsUser,
    "organizationFull",
    f"The Dynamics organization has used up its storage. {_ADMIN} to free or add capacity.",
)
TABLE_MISSING = Refusal(
    NeedsUser,
    "tableMissing",
    "The Dynamics organization does not have this table. "
    "Install the Dynamics 365 app that brings it, or export another object.",
)
QUERY_REFUSED = Refusal(
    NeedsUser,
    "columnMissing",
    "Dynamics could not search for existing records: {column} is not in the table, or cannot be searched. "
    "Open the mapping, read the Dynamics fields again, and save it.",
)
MOVED = Refusal(
    NeedsUser,
    "organizationMoved",
    "The Organization URL leads to another address. Copy the address of Dynamics 365 again and reconnect.",
)
NOT_FOUND = Refusal(
    NeedsUser,
    "webApiMissing",
    "There is no Dynamics Web API at the Organization URL. Check the address and connect again.",
)

THROTTLED = Refusal(
    Transient, "throttled", "Dynamics asks for fewer requests. The export goes on by itself in a while."
)
SPENT = Refusal(BudgetSpent, THROTTLED.code, THROTTLED.message)
BUSY = Refusal(
    Transient, "dynamicsBusy", "Others were changing the same records. The export goes on by itself."
)
TIMED_OUT = Refusal(
    Transient, "dynamicsTimedOut", "Dynamics took too long to answer. The export goes on by itself."
)
TOO_SLOW = Refusal(
    Transient,
    "dynamicsTooSlow",
    "The database of Dynamics took too long for the records. The export goes on by itself.",
)
UNAVAILABLE = Refusal(
    Transient,
    "dynamicsUnavailable",
    "Dynamics cannot be reached at the moment. The export goes on by itself.",
)
FAULT = Refusal(Transient, "dynamicsFault", "Dynamics reported an internal error. The export tries again.")

TOO_LONG = Refusal(
    RecordRejected,
    "valueTooLong",
    "The value for {column} is longer than Dynamics allows{limit}. Shorten it or allow more in Dynamics.",
)
OPTION_UNKNOWN = Refusal(
    RecordRejected,
    "optionUnknown",
    "The value for {column} is none of its choices in Dynamics. Add the choice there or change the value.",
)
OUT_OF_RANGE = Refusal(
    RecordRejected,
    "valueOutOfRange",
    "The value for {column} lies outside the range that Dynamics allows. Change it or widen the range.",
)
STATUS_MISMATCH = Refusal(
    RecordRejected,
    "statusMismatch",
    "The status reason does not belong to the status of the record. Correct the mapping of both.",
)
VALUE_REFUSED = Refusal(
    RecordRejected,
    "valueRefused",
    "The value for {column} does not fit its type in Dynamics. Correct the value or the mapping.",
)
COLUMN_MISSING = Refusal(
    RecordRejected,
    "columnMissing",
    "{column} is not in the Dynamics table any more. Read the Dynamics fields again and save the mapping.",
)
EMPTY_REFUSED = Refusal(
    RecordRejected,
    "valueMissing",
    "Dynamics does not accept an empty value for {column}. Give it a value.",
)
INACTIVE = Refusal(
    RecordRejected,
    "recordInactive",
    "The record is inactive in Dynamics and cannot be changed. Activate it there first.",
)
PLUGIN_REFUSED = Refusal(
    RecordRejected,
    "pluginRefused",
    f"A plug-in or workflow of the organization refuses the record. {_ADMIN} which rule applies.",
)
PLUGIN_FAILED = Refusal(
    RecordRejected,
    "pluginFailed",
    f"A plug-in of the organization failed on the record. {_ADMIN} to look at its trace log.",
)
DUPLICATE_RULE = Refusal(
    RecordRejected,
    "duplicateRule",
    "A duplicate detection rule of the organization refuses the record. "
    "Change the match rules of the export, or the rule in Dynamics.",
)
KEY_TAKEN = Refusal(
    RecordRejected,
    "keyTaken",
    "Another record in Dynamics already has a value that has to be unique. Change it or merge the records.",
)
NOT_ACCESSIBLE = Refusal(
    RecordRejected,
    "recordNotAccessible",
    f"The signed-in account may not change this record. {_ADMIN} to share it or to widen the security role.",
)
TOO_LARGE = Refusal(
    RecordRejected, "recordTooLarge", "The record is too large for Dynamics. Shorten its longest texts."
)
REFUSED = Refusal(
    RecordRejected,
    "recordRefused",
    "Dynamics refuses the record. Compare its values with the fields of the table, then export it again.",
)
EXISTS = Refusal(
    AlreadyExists, "recordExists", "The record is already in Dynamics. Export it again to update it."
)
CHANGED = Refusal(
    ChangedMeanwhile,
    "recordChanged",
    "Somebody keeps changing the record in Dynamics while it is exported. Export it again.",
)
GONE = Refusal(
    RecordGone,
    "recordGone",
    "The record, or one that it refers to, is not in Dynamics any more. Export it again.",
)

BY_CODE: Mapping[int, Refusal] = {
    0x80072560: NOT_A_USER,
    0x80040225: USER_DISABLED,
    0x80042F09: NO_ROLE,
    0x8004D24B: NO_LICENCE,
    0x80040220: PRIVILEGE_MISSING,
    0x80040204: ACCESS_DENIED,
    0x80048405: ACCESS_DENIED,
    0x8004F502: COLUMN_SECURED,
    0x80040276: ORGANIZATION_DISABLED,
    0x8004A104: ORGANIZATION_DISABLED,
    0x8004415C: ORGANIZATION_DISABLED,
    0x8004415D: ORGANIZATION_DISABLED,
    0x8004B057: STORAGE_FULL,
    0x80072325: STORAGE_FULL,
    0x8006088A: TABLE_MISSING,
    0x80060888: QUERY_REFUSED,
    0x80071119: QUERY_REFUSED,
    # "Service protection API limits"
    0x80072321: SPENT,
    0x80072322: SPENT,
    0x80072326: THROTTLED,
    0x80048544: THROTTLED,
    0x80072324: THROTTLED,
    0x8005F103: THROTTLED,
    # "Error messages when using bulk operation messages"
    0x80044150: BUSY,
    0x80044151: TOO_SLOW,
    0x80040251: BUSY,
    0x80040255: BUSY,
    0x80071154: BUSY,
    0x80040216: FAULT,
    0x80044331: TOO_LONG,
    0x8004431A: OPTION_UNKNOWN,
    0x8004431C: OPTION_UNKNOWN,
    0x8004432F: OUT_OF_RANGE,
    0x80044330: OUT_OF_RANGE,
    0x8004022C: OUT_OF_RANGE,
    0x80040239: OUT_OF_RANGE,
    0x80048408: STATUS_MISMATCH,
    0x80048D19: VALUE_REFUSED,
    0x80040203: VALUE_REFUSED,
    0x80040278: VALUE_REFUSED,
    0x80041A07: VALUE_REFUSED,
    0x80044192: VALUE_REFUSED,
    0x8004203E: EMPTY_REFUSED,
    0x80048CFB: EMPTY_REFUSED,
    0x80040230: INACTIVE,
    0x80040265: PLUGIN_REFUSED,
    0x80040224: PLUGIN_FAILED,
    # "Detect duplicate data using the Web API": 500 there, 412 in its table of statuses
    0x80040333: DUPLICATE_RULE,
    0x80060892: KEY_TAKEN,
    0x80073002: KEY_TAKEN,
    0x80048306: NOT_ACCESSIBLE,
    0x80040237: EXISTS,
    0x80060882: CHANGED,
    0x80040217: GONE,
    0x80060891: GONE,
}

BY_STATUS: Mapping[int, Refusal] = {
    400: REFUSED,
    401: SIGN_IN_AGAIN,
    403: ACCESS_DENIED,
    404: NOT_FOUND,
    408: TIMED_OUT,
    409: BUSY,
    412: REFUSED,
    413: TOO_LARGE,
    429: THROTTLED,
    500: FAULT,
    502: UNAVAILABLE,
    503: UNAVAILABLE,
    504: TIMED_OUT,
}


def by_status(status: int) -> Refusal:
    """What a status means whose code is not in the table."""
    if status in BY_STATUS:
        return BY_STATUS[status]
    if 300 <= status < 400:
        return MOVED
    return REFUSED if 400 <= status < 500 else FAULT
