"""Personal data: erasing a person, deleting a tenant, and forgetting what is old."""
