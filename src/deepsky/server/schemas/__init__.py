"""Schemas of the API's requests and responses, by resource."""
