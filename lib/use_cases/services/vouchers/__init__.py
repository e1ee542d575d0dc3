"""Actions of managers on the clients of PDND that act for their services."""
