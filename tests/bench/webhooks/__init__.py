"""`make bench-webhooks`: deliveries from the change to the receiver's answer, beside two peers."""
