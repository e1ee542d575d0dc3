"""Write the SQL of searches."""
