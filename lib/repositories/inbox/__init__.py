"""Read and change a citizen's inbox."""
