import pytest

from local.host.account import open_account
from local.host.settings import StartError


def test_token_of_an_identity_is_never_sent_without_encryption() -> None:
    settings = {"Storage__queueServiceUri": "http://account.queue.core.windows.net"}
    with pytest.raises(StartError, match=r"Storage__queueServiceUri .* over https only"):
        open_account("Storage", settings, "a test")


def test_address_in_messages_has_nothing_of_the_signature() -> None:
    settings = {"Storage": "QueueEndpoint=https://account.example/;SharedAccessSignature=sv=2021&sig=hidden"}
    assert open_account("Storage", settings, "a test").address == "https://account.example"
