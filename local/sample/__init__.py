"""The project's own sample: real companies as public facts, and people who do not exist."""
