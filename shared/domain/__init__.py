"""The decisions of the service: standard library only, no input or output, no clock."""
