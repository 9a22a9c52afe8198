"""Takes secrets and people's addresses out of text before it is written to a log."""

import re
from typing import Any

_HIDDEN = "[hidden]"
_SECRET_FIELD = re.compile(
    r"token|secret|password|authorization|assertion|cookie|credential|verifier|connection_?string"
    r"|e_?mail|phone|(?:first|last|full)_?name|account_?key",
    re.IGNORECASE,
)
_HIDDEN_NAMES = (
    r"client_secret|client_assertion|assertion|code_verifier|refresh_token|access_token|id_token|session_state"
    r"|client_info|password|passwd|pwd|secret|token|sig|signature|AccountKey|SharedAccessKey|SharedAccessSignature"
)
# Every quantifier is bounded or runs over one class only, so that hostile text cannot make it slow.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:ey[AJ]|ewo)[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){1,4}"), "[jwt]"),
    (
        re.compile(
            r"(?i)(authorization\\?[\"']?\s{0,4}[=:]\s{0,4}\\?[\"']?[a-z]{3,10}\s{1,4})[^\s\"'\\,;<>]{4,}"
        ),
        r"\1[hidden]",
    ),
    (re.compile(r"(?i)\b(bearer(?:\s{1,4}|%20))(?=[^\s\d]{0,4000}\d)[a-z0-9._~+/=|:-]{12,}"), r"\1[hidden]"),
    (
        re.compile(
            rf"(?i)(?<![A-Za-z0-9])({_HIDDEN_NAMES})(\\?[\"']?\s{{0,4}}[=:]\s{{0,4}}\\?[\"']?)[^\s\"'&;,\\}}<>]+"
        ),
        r"\1\2[hidden]",
    ),
    (re.compile(r"(?i)([?&\s\"']|^)((?:code|state|nonce)=)[^\s\"'&;,<>]+"), r"\1\2[hidden]"),
    (re.compile(r"(?i)([\"']code\\?[\"']\s{0,4}:\s{0,4}\\?[\"'])[^\s\"'\\]{40,}"), r"\1[hidden]"),
    (re.compile(r"(?<![A-Za-z0-9])[01M]\.[A-Za-z0-9][A-Za-z0-9._!*$~+/=-]{38,}"), "[hidden]"),
    (
        re.compile(
            r"(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]*[A-Z])(?=[A-Za-z0-9_-]*[a-z])(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{43,}"
        ),
        "[hidden]",
    ),
    (
        re.compile(r"[A-Za-z0-9._%+'-]{1,64}(?:@|%40)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"),
        "[email]",
    ),
)


def redact(text: str) -> str:
    """The text without bearer tokens, JWTs, codes, secrets, connection strings and e-mail addresses."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def redact_field(name: str, value: Any) -> Any:
    """A log field as plain JSON without anything secret; one with a telling name is hidden whole."""
    if _SECRET_FIELD.search(name) and not isinstance(value, (bool, int, float, type(None))):
        return _HIDDEN
    if isinstance(value, dict):
        return {str(key): redact_field(str(key), each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [redact_field(name, each) for each in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return redact(str(value))
