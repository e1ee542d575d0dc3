"""Node.js: that of the machine, or else the one from PyPI."""
