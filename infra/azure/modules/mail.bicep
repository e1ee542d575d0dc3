// The app's settings for its mail server (lib/composition/settings/mail.py). Operators store the two
// secrets, smtp-password and link-secret, in the vault by hand (infra/README.md, "E-mail").

@description('host, port, security (starttls or tls), user, from, publicUrl, appUrl. No host = no e-mail; no user = the server needs no login; no publicUrl = the address of the gateway or of the app; no appUrl = e-mails open the inbox of this installation; previousLinkVersion = the version of link-secret that is being replaced, whose links still work.')
param mail object
param publicHostName string
param vaultName string

var isOn = !empty(mail.host)

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

output settings array = [
  { name: 'SMTP_HOST', value: mail.host }
  { name: 'SMTP_PORT', value: string(mail.port) }
  { name: 'SMTP_SECURITY', value: mail.security }
  { name: 'SMTP_USERNAME', value: mail.user }
  { name: 'SMTP_PASSWORD', value: empty(mail.user) ? '' : '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/smtp-password)' }
  { name: 'MAIL_FROM', value: mail.from }
  { name: 'PUBLIC_URL', value: !empty(mail.publicUrl) ? mail.publicUrl : isOn ? 'https://${publicHostName}' : '' }
  { name: 'APP_URL', value: mail.appUrl }
  { name: 'LINK_SECRET', value: isOn ? '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/link-secret)' : '' }
  { name: 'LINK_SECRET_PREVIOUS', value: isOn && !empty(mail.previousLinkVersion) ? '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/link-secret/${mail.previousLinkVersion})' : '' }
]
