"""Settings: what may be written where, and what is said when it is written wrongly."""
