"""The people of the emulated cluster, their rights and their tokens."""
