"""Brings the service into its regions: what is deployed, in which order, and whether it works there."""
