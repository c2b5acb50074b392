"""Docker as the lab uses it: Dockerfiles made from choices, and command lines made from the site's facts."""
