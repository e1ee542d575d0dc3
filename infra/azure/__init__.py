"""Where the app runs in Azure, as Bicep; and what of it follows from the code."""
