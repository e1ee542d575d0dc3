"""The inbox as its citizen sees it: places, filters, changes."""
