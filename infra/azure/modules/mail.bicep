// E-mail: the settings with which the app hands it to a mail server (lib/composition/settings/mail.py). The two
// secrets, smtp-password and link-secret, are put into the vault by hand (infra/README.md, "E-mail").

@description('host, port, security (starttls or tls), user, from, publicUrl. No host = no e-mail; no user = the server asks for none; no publicUrl = the address of what stands in front; previousLinkVersion = the version of link-secret that is being replaced, whose links still work.')
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
  { name: 'PUBLIC_URL', value: !isOn ? '' : empty(mail.publicUrl) ? 'https://${publicHostName}' : mail.publicUrl }
  { name: 'LINK_SECRET', value: isOn ? '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/link-secret)' : '' }
  { name: 'LINK_SECRET_PREVIOUS', value: isOn && !empty(mail.previousLinkVersion) ? '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/link-secret/${mail.previousLinkVersion})' : '' }
]
