"""Entra ID: signing people in, and the access tokens that follow from it."""
