"""The app over HTTP. A package, so that its shared hosts end with the last test of the folder."""
