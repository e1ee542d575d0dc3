"""Keep the catalogue of services, and read it for citizens."""
