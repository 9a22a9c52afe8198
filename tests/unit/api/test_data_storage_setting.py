from shared.settings import read_settings

DEPLOYED = {
    "AzureWebJobsStorage__blobServiceUri": "https://host.blob.core.windows.net/",
    "AzureWebJobsStorage__queueServiceUri": "https://host.queue.core.windows.net/",
    "AzureWebJobsStorage__tableServiceUri": "https://host.table.core.windows.net/",
    "API_ISSUER": "https://login.vendor.example/",
    "API_AUDIENCE": "dynamics-export-api",
    "API_JWKS_URL": "https://login.vendor.example/keys",
    "PUBLIC_API_URL": "https://export.vendor.example/api",
    "ENTRA_CLIENT_ID": "9a3b7c5d-1e2f-4a6b-8c9d-0e1f2a3b4c5d",
    "ENTRA_CLIENT_IDENTITY": "c4e5d6f7-0819-4a2b-9c3d-4e5f60718293",
    "TOKEN_KEY_ID": "https://vault.example/keys/tokens",
}
APART = {
    "DATA_STORAGE__blobServiceUri": "https://data.blob.core.windows.net/",
    "DATA_STORAGE__tableServiceUri": "https://data.table.core.windows.net/",
}


def test_customers_data_may_have_an_account_of_its_own_while_queues_stay_with_the_triggers() -> None:
    storage = read_settings(DEPLOYED | APART).storage
    assert storage.blob_url == "https://data.blob.core.windows.net"
    assert storage.table_url == "https://data.table.core.windows.net"
    assert storage.queue_url == "https://host.queue.core.windows.net"


def test_without_an_account_of_its_own_the_data_lies_with_the_host() -> None:
    storage = read_settings(DEPLOYED).storage
    assert storage.blob_url == "https://host.blob.core.windows.net"
    assert storage.table_url == "https://host.table.core.windows.net"
