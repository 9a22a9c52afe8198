import pytest

from shared.storage.crypto import Unreadable
from shared.storage.key_vault import VaultKey

OURS = "https://ours.vault.azure.net/keys/tokens"


@pytest.mark.parametrize("configured", [OURS, f"{OURS}/", f"{OURS}/0123"])
@pytest.mark.parametrize(
    "named",
    [
        "",
        "tokens",
        "https://theirs.vault.azure.net/keys/tokens/0123",
        "https://ours.vault.azure.net/keys/tokens2/0123",
        "https://ours.vault.azure.net.evil.example/keys/tokens/0123",
        "http://ours.vault.azure.net/keys/tokens/0123",
        "https://ours.vault.azure.net/secrets/tokens/0123",
    ],
)
def test_a_row_that_names_another_key_never_reaches_a_vault(configured: str, named: str) -> None:
    with pytest.raises(Unreadable):
        VaultKey(configured, None).unwrap(named, b"wrapped")
