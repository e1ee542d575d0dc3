"""Good settings of each stack."""

from tests.builders.settings import a_secret

GOOD = {
    "STACK": "embedded",
    "KEY_HASH_SECRET": a_secret("key hash"),
    "PSEUDONYM_SECRET": a_secret("pseudonym"),
    "CITIZEN_TOKEN_ISSUER": "https://issuer.example",
    "CITIZEN_TOKEN_AUDIENCE": "recapito",
    "CITIZEN_TOKEN_JWKS": "jwks.json",
}


AZURE = {
    "STACK": "azure",
    "COSMOS_ENDPOINT": "https://recapito.example:443/",
    "AzureWebJobsStorage__queueServiceUri": "https://recapito.queue.example",
    "AzureWebJobsStorage__blobServiceUri": "https://recapito.blob.example",
}


STORAGE_ADDRESSES = [name for name in AZURE if name.startswith("AzureWebJobsStorage__")]


STORAGE = "AccountName=sandbox;AccountKey=a-key;BlobEndpoint={0}/b;QueueEndpoint={0}/q"


EMULATORS = {
    "STACK": "azure",
    "SANDBOX": "true",
    "COSMOS_ENDPOINT": "http://127.0.0.1:8081",
    "COSMOS_KEY": "a-key",
    "AzureWebJobsStorage": STORAGE.format("http://127.0.0.1:10000"),
}
