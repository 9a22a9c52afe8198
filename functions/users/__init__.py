"""The people of a tenant, as far as the service has met them."""
