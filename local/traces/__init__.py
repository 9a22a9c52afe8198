"""Receives what the service tells of itself by OTLP over HTTP, and shows it: a waterfall for each trace."""
