"""Care for the registry: images nobody uses, garbage collection, and what Harbor tells by itself."""
