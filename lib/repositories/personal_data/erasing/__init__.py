"""Take the data of one citizen out of each container."""
