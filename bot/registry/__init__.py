"""The adapter of Docker registries: any that speak the API of version 2, Harbor's among them."""
