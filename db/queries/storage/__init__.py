"""What is done on the storage server over a longer time."""
