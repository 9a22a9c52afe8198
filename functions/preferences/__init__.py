"""The preferences of a tenant: what administrators decide about every export."""
