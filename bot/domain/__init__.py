"""What Pailot knows of labs, jobs and people, in plain Python."""
