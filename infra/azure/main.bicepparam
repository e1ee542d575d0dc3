// The small set, for up to some millions of messages a year; production.bicepparam is the other one.
// Both name the same parameters. Each value comes from an environment variable: azd sets the variables
// of its environment (`azd env set NAME value`); with plain az, export them. Parameters that are not
// here keep main.bicep's default. The limits of small, and the reasons: infra/README.md, "Small and production".
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION', 'italynorth')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')
param citizenTokenIssuer = readEnvironmentVariable('CITIZEN_TOKEN_ISSUER', '')
param citizenTokenAudience = readEnvironmentVariable('CITIZEN_TOKEN_AUDIENCE', '')
param citizenTokenJwks = readEnvironmentVariable('CITIZEN_TOKEN_JWKS', '')

// Empty = the app's defaults: level of assurance 2, no scope, the claims of SPID and CIE.
param citizenTokenChecks = {
  acrValues: readEnvironmentVariable('CITIZEN_TOKEN_ACR_VALUES', '')
  scope: readEnvironmentVariable('CITIZEN_TOKEN_SCOPE', '')
  maxSeconds: int(readEnvironmentVariable('CITIZEN_TOKEN_MAX_SECONDS', '86400'))
  minimumAge: int(readEnvironmentVariable('CITIZEN_MINIMUM_AGE', '14'))
  fiscalCodeClaims: readEnvironmentVariable('CITIZEN_TOKEN_FISCAL_CODE_CLAIMS', '')
  nameClaims: readEnvironmentVariable('CITIZEN_TOKEN_NAME_CLAIMS', '')
  familyNameClaims: readEnvironmentVariable('CITIZEN_TOKEN_FAMILY_NAME_CLAIMS', '')
  birthDateClaims: readEnvironmentVariable('CITIZEN_TOKEN_BIRTH_DATE_CLAIMS', '')
}

// Only for the first deployment: infra/README.md, "Deploy".
param keyHashSecret = readEnvironmentVariable('KEY_HASH_SECRET', '')
param pseudonymSecret = readEnvironmentVariable('PSEUDONYM_SECRET', '')

// While a secret is being rotated: infra/README.md, "Rotate".
param previousVersions = {
  keyHash: readEnvironmentVariable('KEY_HASH_SECRET_PREVIOUS_VERSION', '')
  pseudonym: readEnvironmentVariable('PSEUDONYM_SECRET_PREVIOUS_VERSION', '')
}

// For every deployment except the first: an output of the previous deployment, which azd keeps.
param transformationRuleId = readEnvironmentVariable('TRANSFORMATION_RULE_ID', '')

// Another account than the environment's first one, after a restore.
param cosmosName = readEnvironmentVariable('COSMOS_NAME', '')
param cosmosMode = readEnvironmentVariable('COSMOS_MODE', 'serverless')
param messagesMaxThroughput = int(readEnvironmentVariable('MESSAGES_MAX_THROUGHPUT', '4000'))
param sharedMaxThroughput = int(readEnvironmentVariable('SHARED_MAX_THROUGHPUT', '4000'))
param cosmosZoneRedundant = bool(readEnvironmentVariable('COSMOS_ZONE_REDUNDANT', 'false'))
param cosmosRegions = json(readEnvironmentVariable('COSMOS_REGIONS', '["Italy North"]'))
param cosmosBackupTier = readEnvironmentVariable('COSMOS_BACKUP_TIER', 'Continuous7Days')

param blobRole = readEnvironmentVariable('BLOB_ROLE', 'Owner')
param withResourceLocks = bool(readEnvironmentVariable('WITH_RESOURCE_LOCKS', 'false'))

// Senders' configurations of remote content: infra/README.md, "Remote content".
param remoteContent = {
  isOn: bool(readEnvironmentVariable('REMOTE_CONTENT', 'false'))
  previousVersion: readEnvironmentVariable('REMOTE_CONTENT_SECRET_PREVIOUS_VERSION', '')
}

param vouchers = {
  issuer: readEnvironmentVariable('VOUCHER_ISSUER', '')
  audience: readEnvironmentVariable('VOUCHER_AUDIENCE', '')
  jwks: readEnvironmentVariable('VOUCHER_JWKS', '')
  baseUrl: readEnvironmentVariable('VOUCHER_BASE_URL', '')
  integrityRequired: bool(readEnvironmentVariable('VOUCHER_INTEGRITY_REQUIRED', 'false'))
  previousVersion: readEnvironmentVariable('EVIDENCE_SECRET_PREVIOUS_VERSION', '')
}

// The login of apps and browsers: infra/README.md, "Login".
param signIn = {
  isOn: bool(readEnvironmentVariable('SIGN_IN', 'false'))
  hasNext: bool(readEnvironmentVariable('SIGN_IN_NEXT', 'false'))
  previousVersion: readEnvironmentVariable('SIGN_IN_SECRET_PREVIOUS_VERSION', '')
  clients: readEnvironmentVariable('APP_CLIENTS', '')
  sessionDays: int(readEnvironmentVariable('SESSION_DAYS', '30'))
  browserSessionHours: int(readEnvironmentVariable('BROWSER_SESSION_HOURS', '12'))
}
param trustedGateway = {
  isTrusted: bool(readEnvironmentVariable('TRUST_GATEWAY', 'false'))
  previousVersion: readEnvironmentVariable('GATEWAY_SECRET_PREVIOUS_VERSION', '')
}
param publicBodiesUrl = readEnvironmentVariable('PUBLIC_BODIES_URL', '')
param relyingParty = {
  providers: readEnvironmentVariable('IDENTITY_PROVIDERS', '')
  id: readEnvironmentVariable('RELYING_PARTY_ID', '')
  isFederated: bool(readEnvironmentVariable('RELYING_PARTY_IS_FEDERATED', 'false'))
  authorities: readEnvironmentVariable('RELYING_PARTY_AUTHORITIES', '')
  trustMarks: readEnvironmentVariable('RELYING_PARTY_TRUST_MARKS', '')
  name: readEnvironmentVariable('RELYING_PARTY_NAME', '')
  contact: readEnvironmentVariable('RELYING_PARTY_CONTACT', '')
  policyUrl: readEnvironmentVariable('RELYING_PARTY_POLICY_URL', '')
  logoUrl: readEnvironmentVariable('RELYING_PARTY_LOGO_URL', '')
}
param clamdAddress = readEnvironmentVariable('CLAMD_ADDRESS', '')
param translation = {
  url: readEnvironmentVariable('TRANSLATION_URL', '')
  application: readEnvironmentVariable('TRANSLATION_APPLICATION', '')
}
param residents = {
  url: readEnvironmentVariable('RESIDENTS_URL', '')
  audience: readEnvironmentVariable('RESIDENTS_AUDIENCE', '')
  purposeId: readEnvironmentVariable('RESIDENTS_PURPOSE_ID', '')
  place: readEnvironmentVariable('RESIDENTS_PLACE', '')
  checkDays: int(readEnvironmentVariable('RESIDENT_CHECK_DAYS', '0'))
}
param digitalDomiciles = {
  url: readEnvironmentVariable('DIGITAL_DOMICILES_URL', '')
  purposeId: readEnvironmentVariable('DIGITAL_DOMICILES_PURPOSE_ID', '')
  tokenUrl: readEnvironmentVariable('PDND_TOKEN_URL', '')
  audience: readEnvironmentVariable('PDND_AUDIENCE', '')
  clientId: readEnvironmentVariable('PDND_CLIENT_ID', '')
  keyId: readEnvironmentVariable('PDND_KEY_ID', '')
}
param api = {
  contactUrl: readEnvironmentVariable('API_CONTACT_URL', '')
  contactEmail: readEnvironmentVariable('API_CONTACT_EMAIL', '')
  accessibilityEmail: readEnvironmentVariable('ACCESSIBILITY_EMAIL', '')
  termsUrl: readEnvironmentVariable('API_TERMS_URL', '')
}
param citizenApp = {
  sendServiceId: readEnvironmentVariable('SEND_SERVICE_ID', '')
  minVersionIos: readEnvironmentVariable('MIN_APP_VERSION_IOS', '0.0.0')
  minVersionAndroid: readEnvironmentVariable('MIN_APP_VERSION_ANDROID', '0.0.0')
  remoteAttachmentMegabytes: int(readEnvironmentVariable('REMOTE_ATTACHMENT_MEGABYTES', '20'))
}
param paymentNodeUrl = readEnvironmentVariable('PAYMENT_NODE_URL', '')

// No host = no e-mail; its two secrets are in the vault (infra/README.md, "E-mail").
param mail = {
  host: readEnvironmentVariable('SMTP_HOST', '')
  port: int(readEnvironmentVariable('SMTP_PORT', '587'))
  security: readEnvironmentVariable('SMTP_SECURITY', 'starttls')
  user: readEnvironmentVariable('SMTP_USERNAME', '')
  from: readEnvironmentVariable('MAIL_FROM', '')
  publicUrl: readEnvironmentVariable('PUBLIC_URL', '')
  appUrl: readEnvironmentVariable('APP_URL', '')
  previousLinkVersion: readEnvironmentVariable('LINK_SECRET_PREVIOUS_VERSION', '')
}

// Example: [{"name": "http", "instanceCount": 1}, {"name": "function:fan_out_message", "instanceCount": 1}]
param alwaysReady = json(readEnvironmentVariable('ALWAYS_READY', '[]'))
param maximumInstanceCount = int(readEnvironmentVariable('MAXIMUM_INSTANCE_COUNT', '100'))
param instanceMemoryMB = int(readEnvironmentVariable('INSTANCE_MEMORY_MB', '512'))
param httpConcurrency = int(readEnvironmentVariable('HTTP_CONCURRENCY', '32'))
param zoneRedundantApp = bool(readEnvironmentVariable('ZONE_REDUNDANT_APP', 'false'))

param updateStrategy = readEnvironmentVariable('UPDATE_STRATEGY', 'Recreate')

param logRetentionDays = int(readEnvironmentVariable('LOG_RETENTION_DAYS', '30'))
param logDailyCapGb = int(readEnvironmentVariable('LOG_DAILY_CAP_GB', '5'))
param samplingPercentage = int(readEnvironmentVariable('SAMPLING_PERCENTAGE', '100'))
param traceRatio = readEnvironmentVariable('TRACE_RATIO', '0.05')
param hostTraceRatio = readEnvironmentVariable('HOST_TRACE_RATIO', '0.05')
param withAvailabilityTest = bool(readEnvironmentVariable('WITH_AVAILABILITY_TEST', 'true'))
param availabilityLocations = json(readEnvironmentVariable('AVAILABILITY_LOCATIONS', '["emea-nl-ams-azr"]'))
param availabilitySeconds = int(readEnvironmentVariable('AVAILABILITY_SECONDS', '900'))
param quarterHourlyAlerts = bool(readEnvironmentVariable('QUARTER_HOURLY_ALERTS', 'true'))

// Example: {"queueWaitSeconds": 120} replaces this value of `limits` in main.bicep.
param thresholds = json(readEnvironmentVariable('THRESHOLDS', '{}'))

param monthlyBudget = int(readEnvironmentVariable('MONTHLY_BUDGET', '0'))
param budgetStartDate = readEnvironmentVariable('BUDGET_START_DATE', '')

param withPrivateNetwork = bool(readEnvironmentVariable('WITH_PRIVATE_NETWORK', 'false'))
param withGateway = bool(readEnvironmentVariable('WITH_GATEWAY', 'false'))
param callers = json(readEnvironmentVariable('CALLERS', '[]'))
param trustedProxies = int(readEnvironmentVariable('TRUSTED_PROXIES', '0'))
param withNotificationHub = bool(readEnvironmentVariable('WITH_NOTIFICATION_HUB', 'false'))
param hubTier = readEnvironmentVariable('HUB_TIER', 'Basic')
param webPush = { publicKey: readEnvironmentVariable('WEB_PUSH_PUBLIC_KEY', ''), subject: readEnvironmentVariable('WEB_PUSH_SUBJECT', '') }
