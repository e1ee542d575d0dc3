// Every setting that the app reads (lib/composition/settings), for functions.bicep. Secrets are references to the vault.

param identityClientId string
param storageName string
param blobEndpoint string
param queueEndpoint string
param cosmosEndpoint string
param cosmosDatabase string
param cosmosRegions string
@description('The secrets of the vault, by purpose.')
param secretUris object

@description('keyHash and pseudonym: versions of the secrets that are being replaced, which the app still accepts; empty = none.')
param previousVersions object

@description('Name, connectionUri, a secret of the vault, and webPushKey, the public key of web push; all empty = no hub, webPushKey empty = no web push.')
param hub object
param mailSettings array // see mail.bicep
param insightsConnectionString string
param citizenTokenIssuer string
param citizenTokenAudience string
param citizenTokenJwks string

@description('Further requirements for citizens\' tokens (lib/composition/settings/tokens.py): acrValues, scope, maxSeconds, minimumAge, claims.')
param citizenTokenChecks object

@description('Base address of the pagoPA payment node; empty = none, and no key is needed.')
param paymentNodeUrl string
param publicBodiesUrl string

@description('url and application of eTranslation; url empty = none, and no password is needed.')
param translation object

@description('url, audience and purposeId of the register of residents (ANPR), the place in its evidence, and checkDays: how long an answer counts, 0 = it is not asked. The client at PDND is that of digitalDomiciles.')
param residents object

@description('url and purposeId of the register of digital domiciles (INAD); tokenUrl, audience, clientId and keyId: the client at PDND; url empty = none, and no key is needed.')
param clamdAddress string
param digitalDomiciles object

@description('The identity providers of citizens: providers (JSON), id, authorities, trustMarks (JSON), name, contact, policyUrl and logoUrl of the relying party; isFederated: it publishes an entity configuration; providers empty = citizens get their tokens elsewhere, and no keys are needed.')
param relyingParty object
param trustedGateway object

@description('Contact and terms in the OpenAPI documents: contactUrl, contactEmail, termsUrl; accessibilityEmail is named on the pages. Each may be empty.')
param api object

@description('isOn: senders may make configurations of remote content; previousVersion: the version of remote-content-secret that is being replaced.')
param remoteContent object

@description('issuer, audience and jwks of PDND; baseUrl: the address that senders call; issuer empty = no vouchers are taken. integrityRequired; previousVersion: the version of evidence-secret that is being replaced.')
param vouchers object

@description('isOn: apps and browsers log citizens in here; hasNext: sign-in-secret-next is in the vault; previousVersion: the version of sign-in-secret that is being replaced; clients: a JSON list; sessionDays, browserSessionHours.')
param signIn object
param senderCacheSeconds int
param trustedProxies int
param rejectedRetentionDays int
param batchRetentionDays int
param daysInBin int
param personalData object
param trialDailyMessages int
param citizenApp object
param minAppVersionWithReadAuth string

@description('Share of the traces that the app keeps, 0 to 1; metrics and errors are always sent.')
param traceRatio string

@description('Share of its own requests that the host keeps, 0 to 1.')
param hostTraceRatio string

output settings array = concat([
  { name: 'STACK', value: 'azure' }

  // By default the platform reads up to 100 MB before it calls the app. This limit is that of a list of
  // recipients in one request, and a little more, so that a slightly longer list gets the app's answer.
  { name: 'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT', value: '10485760' }

  // The app answers at "/" itself, by its pages.
  { name: 'AzureWebJobsDisableHomepage', value: 'true' }

  // The account's name is set in addition to its addresses: without the name, some versions of the host
  // do not start (Azure/azure-functions-host#11787), and deployment tools report missing storage.
  { name: 'AzureWebJobsStorage__accountName', value: storageName }
  // The triggers and the app use the same queues, so they share one connection, by identity.
  { name: 'AzureWebJobsStorage__blobServiceUri', value: blobEndpoint }
  { name: 'AzureWebJobsStorage__queueServiceUri', value: queueEndpoint }
  { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
  { name: 'AzureWebJobsStorage__clientId', value: identityClientId }
  { name: 'AZURE_CLIENT_ID', value: identityClientId }
  { name: 'COSMOS_ENDPOINT', value: cosmosEndpoint }
  { name: 'COSMOS_DATABASE', value: cosmosDatabase }
  { name: 'COSMOS_PREFERRED_REGIONS', value: cosmosRegions }
  { name: 'KEY_HASH_SECRET', value: '@Microsoft.KeyVault(SecretUri=${secretUris.keyHash})' }
  { name: 'PSEUDONYM_SECRET', value: '@Microsoft.KeyVault(SecretUri=${secretUris.pseudonym})' }
  { name: 'KEY_HASH_SECRET_PREVIOUS', value: empty(previousVersions.keyHash) ? '' : '@Microsoft.KeyVault(SecretUri=${secretUris.keyHash}/${previousVersions.keyHash})' }
  { name: 'PSEUDONYM_SECRET_PREVIOUS', value: empty(previousVersions.pseudonym) ? '' : '@Microsoft.KeyVault(SecretUri=${secretUris.pseudonym}/${previousVersions.pseudonym})' }
  { name: 'REMOTE_CONTENT_SECRET', value: remoteContent.isOn ? '@Microsoft.KeyVault(SecretUri=${secretUris.remoteContent})' : '' }
  { name: 'REMOTE_CONTENT_SECRET_PREVIOUS', value: remoteContent.isOn && !empty(remoteContent.previousVersion) ? '@Microsoft.KeyVault(SecretUri=${secretUris.remoteContent}/${remoteContent.previousVersion})' : '' }
  { name: 'GATEWAY_SECRET', value: trustedGateway.isTrusted ? '@Microsoft.KeyVault(SecretUri=${secretUris.gateway})' : '' }
  { name: 'GATEWAY_SECRET_PREVIOUS', value: trustedGateway.isTrusted && !empty(trustedGateway.previousVersion) ? '@Microsoft.KeyVault(SecretUri=${secretUris.gateway}/${trustedGateway.previousVersion})' : '' }
  { name: 'VOUCHER_ISSUER', value: vouchers.issuer }
  { name: 'VOUCHER_AUDIENCE', value: vouchers.audience }
  { name: 'VOUCHER_JWKS', value: vouchers.jwks }
  { name: 'VOUCHER_BASE_URL', value: vouchers.baseUrl }
  { name: 'VOUCHER_INTEGRITY_REQUIRED', value: string(vouchers.integrityRequired) }
  { name: 'EVIDENCE_SECRET', value: empty(vouchers.issuer) ? '' : '@Microsoft.KeyVault(SecretUri=${secretUris.evidence})' }
  { name: 'EVIDENCE_SECRET_PREVIOUS', value: empty(vouchers.issuer) || empty(vouchers.previousVersion) ? '' : '@Microsoft.KeyVault(SecretUri=${secretUris.evidence}/${vouchers.previousVersion})' }
  { name: 'SIGN_IN_SECRET', value: signIn.isOn ? '@Microsoft.KeyVault(SecretUri=${secretUris.signIn})' : '' }
  { name: 'SIGN_IN_SECRET_NEXT', value: signIn.isOn && signIn.hasNext ? '@Microsoft.KeyVault(SecretUri=${secretUris.signIn}-next)' : '' }
  { name: 'SIGN_IN_SECRET_PREVIOUS', value: signIn.isOn && !empty(signIn.previousVersion) ? '@Microsoft.KeyVault(SecretUri=${secretUris.signIn}/${signIn.previousVersion})' : '' }
  { name: 'APP_CLIENTS', value: signIn.clients }
  { name: 'SESSION_DAYS', value: string(signIn.sessionDays) }
  { name: 'BROWSER_SESSION_HOURS', value: string(signIn.browserSessionHours) }
  { name: 'NOTIFICATION_HUB_CONNECTION', value: empty(hub.name) ? '' : '@Microsoft.KeyVault(SecretUri=${hub.connectionUri})' }
  { name: 'NOTIFICATION_HUB_NAME', value: hub.name }
  { name: 'WEB_PUSH_PUBLIC_KEY', value: hub.webPushKey }
  { name: 'CITIZEN_TOKEN_ISSUER', value: citizenTokenIssuer }
  { name: 'CITIZEN_TOKEN_AUDIENCE', value: citizenTokenAudience }
  { name: 'CITIZEN_TOKEN_JWKS', value: citizenTokenJwks }
  { name: 'CITIZEN_TOKEN_ACR_VALUES', value: citizenTokenChecks.acrValues }
  { name: 'CITIZEN_TOKEN_SCOPE', value: citizenTokenChecks.scope }
  { name: 'CITIZEN_TOKEN_MAX_SECONDS', value: string(citizenTokenChecks.maxSeconds) }
  { name: 'CITIZEN_TOKEN_FISCAL_CODE_CLAIMS', value: citizenTokenChecks.fiscalCodeClaims }
  { name: 'CITIZEN_TOKEN_NAME_CLAIMS', value: citizenTokenChecks.nameClaims }
  { name: 'CITIZEN_TOKEN_FAMILY_NAME_CLAIMS', value: citizenTokenChecks.familyNameClaims }
  { name: 'CITIZEN_TOKEN_BIRTH_DATE_CLAIMS', value: citizenTokenChecks.birthDateClaims }
  { name: 'CITIZEN_MINIMUM_AGE', value: string(citizenTokenChecks.minimumAge) }
  { name: 'API_CONTACT_URL', value: api.contactUrl }
  { name: 'API_CONTACT_EMAIL', value: api.contactEmail }
  { name: 'ACCESSIBILITY_EMAIL', value: api.accessibilityEmail }
  { name: 'API_TERMS_URL', value: api.termsUrl }
  { name: 'PAYMENT_NODE_URL', value: paymentNodeUrl }
  { name: 'PAYMENT_NODE_KEY', value: empty(paymentNodeUrl) ? '' : '@Microsoft.KeyVault(SecretUri=${secretUris.paymentNodeKey})' }
  { name: 'IDENTITY_PROVIDERS', value: relyingParty.providers }
  { name: 'RELYING_PARTY_ID', value: relyingParty.id }
  { name: 'RELYING_PARTY_KEYS', value: empty(relyingParty.providers) ? '' : '@Microsoft.KeyVault(SecretUri=${secretUris.relyingPartyKeys})' }
  { name: 'RELYING_PARTY_FEDERATION_KEYS', value: relyingParty.isFederated ? '@Microsoft.KeyVault(SecretUri=${secretUris.relyingPartyFederationKeys})' : '' }
  { name: 'RELYING_PARTY_AUTHORITIES', value: relyingParty.authorities }
  { name: 'RELYING_PARTY_TRUST_MARKS', value: relyingParty.trustMarks }
  { name: 'RELYING_PARTY_NAME', value: relyingParty.name }
  { name: 'RELYING_PARTY_CONTACT', value: relyingParty.contact }
  { name: 'RELYING_PARTY_POLICY_URL', value: relyingParty.policyUrl }
  { name: 'RELYING_PARTY_LOGO_URL', value: relyingParty.logoUrl }
  { name: 'PUBLIC_BODIES_URL', value: publicBodiesUrl }
  { name: 'PUBLIC_BODIES_KEY', value: empty(publicBodiesUrl) ? '' : '@Microsoft.KeyVault(SecretUri=${secretUris.publicBodiesKey})' }
  { name: 'CLAMD_ADDRESS', value: clamdAddress }
  { name: 'DIGITAL_DOMICILES_URL', value: digitalDomiciles.url }
  { name: 'DIGITAL_DOMICILES_PURPOSE_ID', value: digitalDomiciles.purposeId }
  { name: 'TRANSLATION_URL', value: translation.url }
  { name: 'TRANSLATION_APPLICATION', value: translation.application }
  { name: 'TRANSLATION_PASSWORD', value: empty(translation.url) ? '' : '@Microsoft.KeyVault(SecretUri=${secretUris.translationPassword})' }
  { name: 'RESIDENTS_URL', value: residents.url }
  { name: 'RESIDENTS_AUDIENCE', value: residents.audience }
  { name: 'RESIDENTS_PURPOSE_ID', value: residents.purposeId }
  { name: 'RESIDENTS_PLACE', value: residents.place }
  { name: 'RESIDENT_CHECK_DAYS', value: string(residents.checkDays) }
  { name: 'PDND_TOKEN_URL', value: digitalDomiciles.tokenUrl }
  { name: 'PDND_AUDIENCE', value: digitalDomiciles.audience }
  { name: 'PDND_CLIENT_ID', value: digitalDomiciles.clientId }
  { name: 'PDND_KEY_ID', value: digitalDomiciles.keyId }
  { name: 'PDND_PRIVATE_KEY', value: empty('${digitalDomiciles.url}${residents.url}') ? '' : '@Microsoft.KeyVault(SecretUri=${secretUris.pdndPrivateKey})' }
  { name: 'SENDER_CACHE_SECONDS', value: string(senderCacheSeconds) }
  { name: 'TRUSTED_PROXIES', value: string(trustedProxies) }
  { name: 'REJECTED_RETENTION_DAYS', value: string(rejectedRetentionDays) }
  { name: 'BATCH_RETENTION_DAYS', value: string(batchRetentionDays) }
  { name: 'DAYS_IN_BIN', value: string(daysInBin) }
  { name: 'ERASURE_GRACE_DAYS', value: string(personalData.erasureGraceDays) }
  { name: 'MESSAGE_RETENTION_DAYS', value: string(personalData.messageRetentionDays) }
  { name: 'ACCESS_LOG_DAYS', value: string(personalData.accessLogDays) }
  { name: 'TRIAL_DAILY_MESSAGES', value: string(trialDailyMessages) }
  { name: 'REMOTE_ATTACHMENT_MEGABYTES', value: string(citizenApp.remoteAttachmentMegabytes) }
  { name: 'SEND_SERVICE_ID', value: citizenApp.sendServiceId }
  { name: 'MIN_APP_VERSION_IOS', value: citizenApp.minVersionIos }
  { name: 'MIN_APP_VERSION_ANDROID', value: citizenApp.minVersionAndroid }
  { name: 'MIN_APP_VERSION_WITH_READ_AUTH', value: minAppVersionWithReadAuth }

  { name: 'TELEMETRY', value: 'azure' }
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insightsConnectionString }
  // The app keeps a share of its traces, each of them complete. The host reads OTEL_TRACES_SAMPLER, but its
  // exporter accepts only its own names, and may ignore them (infra/README.md, "Telemetry").
  // The exporter's statistics about itself are not sent (decision 0009).
  { name: 'TRACES_RATIO', value: traceRatio }
  { name: 'OTEL_TRACES_SAMPLER', value: 'microsoft.fixed_percentage' }
  { name: 'OTEL_TRACES_SAMPLER_ARG', value: hostTraceRatio }
  { name: 'PYTHON_ENABLE_OPENTELEMETRY', value: 'true' }
  { name: 'APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL', value: 'true' }
  { name: 'APPLICATIONINSIGHTS_SDKSTATS_DISABLED', value: 'true' }
  { name: 'APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED', value: 'true' }
  // The exporter finds no resource, since the app has no global provider, and logged an error with each export.
  { name: 'APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED', value: 'true' }
  { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'ClientId=${identityClientId};Authorization=AAD' }
], mailSettings)
