"""Values, dates and errors that several areas use."""
