// Every setting that the app reads (lib/settings.py), for functions.bicep. Secrets are references to the vault.

param identityClientId string
param blobEndpoint string
param queueEndpoint string
param cosmosEndpoint string
param cosmosDatabase string
param cosmosRegions string
param keyHashSecretUri string
param pseudonymSecretUri string

@description('Name and connectionUri, a secret of the vault; both empty = no hub.')
param hub object
param mailSettings array // see mail.bicep
param insightsConnectionString string
param citizenTokenIssuer string
param citizenTokenAudience string
param citizenTokenJwks string

@description('Base address of the pagoPA payment node; empty = none, and then no key either.')
param paymentNodeUrl string
param paymentNodeKeyUri string
param senderCacheSeconds int
param trustedProxies int
param rejectedRetentionDays int
param minAppVersionWithReadAuth string

@description('Share of the traces that is kept, 0 to 1; metrics and faults are always told.')
param traceRatio string

output settings array = concat([
  { name: 'STACK', value: 'azure' }

  // What the triggers listen to is what the app puts to: one connection, by identity.
  { name: 'AzureWebJobsStorage__blobServiceUri', value: blobEndpoint }
  { name: 'AzureWebJobsStorage__queueServiceUri', value: queueEndpoint }
  { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
  { name: 'AzureWebJobsStorage__clientId', value: identityClientId }
  { name: 'AZURE_CLIENT_ID', value: identityClientId }
  { name: 'COSMOS_ENDPOINT', value: cosmosEndpoint }
  { name: 'COSMOS_DATABASE', value: cosmosDatabase }
  { name: 'COSMOS_PREFERRED_REGIONS', value: cosmosRegions }
  { name: 'KEY_HASH_SECRET', value: '@Microsoft.KeyVault(SecretUri=${keyHashSecretUri})' }
  { name: 'PSEUDONYM_SECRET', value: '@Microsoft.KeyVault(SecretUri=${pseudonymSecretUri})' }
  { name: 'NOTIFICATION_HUB_CONNECTION', value: empty(hub.name) ? '' : '@Microsoft.KeyVault(SecretUri=${hub.connectionUri})' }
  { name: 'NOTIFICATION_HUB_NAME', value: hub.name }
  { name: 'CITIZEN_TOKEN_ISSUER', value: citizenTokenIssuer }
  { name: 'CITIZEN_TOKEN_AUDIENCE', value: citizenTokenAudience }
  { name: 'CITIZEN_TOKEN_JWKS', value: citizenTokenJwks }
  { name: 'PAYMENT_NODE_URL', value: paymentNodeUrl }
  { name: 'PAYMENT_NODE_KEY', value: empty(paymentNodeUrl) ? '' : '@Microsoft.KeyVault(SecretUri=${paymentNodeKeyUri})' }
  { name: 'SENDER_CACHE_SECONDS', value: string(senderCacheSeconds) }
  { name: 'TRUSTED_PROXIES', value: string(trustedProxies) }
  { name: 'REJECTED_RETENTION_DAYS', value: string(rejectedRetentionDays) }
  { name: 'MIN_APP_VERSION_WITH_READ_AUTH', value: minAppVersionWithReadAuth }

  { name: 'TELEMETRY', value: 'azure' }
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insightsConnectionString }
  // Traces: a share of them, whole; the host's span is the parent. The exporter's reports on
  // itself stay at home (decision 0009).
  { name: 'OTEL_TRACES_SAMPLER', value: 'traceidratio' }
  { name: 'OTEL_TRACES_SAMPLER_ARG', value: traceRatio }
  { name: 'PYTHON_ENABLE_OPENTELEMETRY', value: 'true' }
  { name: 'APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL', value: 'true' }
  { name: 'APPLICATIONINSIGHTS_SDKSTATS_DISABLED', value: 'true' }
  { name: 'APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED', value: 'true' }
  { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'ClientId=${identityClientId};Authorization=AAD' }
], mailSettings)
