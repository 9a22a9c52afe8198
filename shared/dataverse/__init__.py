"""The client of the Dataverse Web API: requests, answers, errors, metadata and bulk writes."""
