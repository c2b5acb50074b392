"""How the two databases run a transaction."""
