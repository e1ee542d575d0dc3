"""What Recapito costs in Azure: operations measured on the app, priced by published rules."""
