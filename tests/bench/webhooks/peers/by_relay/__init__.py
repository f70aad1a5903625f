"""`django-outbound-webhooks`: an outbox in the database, and relays that work it off."""
