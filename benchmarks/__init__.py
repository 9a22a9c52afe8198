"""Figures of the service: ratios measured in one run where possible, each with what it means."""
