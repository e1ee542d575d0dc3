"""The costs of Recapito in Azure: measured operations, priced by published rules."""
