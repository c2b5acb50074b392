"""What the storage server may fetch by itself, from where, and how it says how far it is."""
