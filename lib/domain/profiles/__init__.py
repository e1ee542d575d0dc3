"""Rules of profiles: a citizen's settings, choices for services, e-mail address."""
