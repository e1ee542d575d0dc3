"""All texts and documents for citizens.

`texts/` has the phrases of each language, and the formats of amounts, days and times. `email/`,
`documents/` (PDF, QR code, calendar entry) and `pages/` (HTML) present these texts.
"""
