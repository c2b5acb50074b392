"""Speed, measured beside its peers in one run; prints medians, ratios and the conditions. Never a test."""
