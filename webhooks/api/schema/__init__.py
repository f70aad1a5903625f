"""The description of the webhook endpoints, and of what receivers get."""
