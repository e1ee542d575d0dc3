"""The settings of a deployed app; its addresses answer nothing."""

import secrets

AZURE_SETTINGS = {
    **{name: secrets.token_urlsafe(32) for name in ("KEY_HASH_SECRET", "PSEUDONYM_SECRET")},
    "STACK": "azure",
    "COSMOS_ENDPOINT": "https://recapito.example:443/",
    "AzureWebJobsStorage__queueServiceUri": "https://recapito.queue.example",
    "AzureWebJobsStorage__blobServiceUri": "https://recapito.blob.example",
    "CITIZEN_TOKEN_ISSUER": "https://issuer.example",
    "CITIZEN_TOKEN_AUDIENCE": "recapito",
    "CITIZEN_TOKEN_JWKS": "https://issuer.example/jwks",
    "TELEMETRY": "azure",
    "APPLICATIONINSIGHTS_CONNECTION_STRING": (
        "InstrumentationKey=00000000-0000-0000-0000-000000000000;"
        "IngestionEndpoint=https://insights.example/"
    ),
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED": "true",
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED": "true",
    "APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED": "true",
}
