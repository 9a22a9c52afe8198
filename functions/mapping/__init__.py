"""The mapping of a tenant: fields, rows, Verify and Save, and a preview."""
