"""Connecting a tenant, and its users, to their Dynamics 365 organization."""
