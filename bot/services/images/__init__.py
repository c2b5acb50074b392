"""What Pailot knows and does about images: finding, checking, copying, deleting, learning."""
