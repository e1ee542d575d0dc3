"""What citizens read outside of the app, in each of their languages: phrases, and which to take."""
