"""The OpenAPI document: what operations share is derived here, what is their own stands by the views."""
