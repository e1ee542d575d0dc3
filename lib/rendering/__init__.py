"""What people read: everything that is written for citizens is written here.

`texts/` has the phrases of each language, and how amounts, days and times are written. `email/`,
`documents/` (PDF, QR code, calendar entry) and `pages/` (HTML) make something of these texts.
"""
