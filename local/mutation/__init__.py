"""Mutation testing: small faults put into the product's code, to see whether a test notices."""
