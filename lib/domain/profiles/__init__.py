"""Rules of profiles: a citizen's settings, choices for services and e-mail address."""
