"""Images: how they are named, what a registry tells about them, and what a job needs of them."""
