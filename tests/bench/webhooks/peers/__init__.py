"""What we compare with: two Django packages that deliver webhooks, each in a small project of its own.

They run in an environment of their own (`requirements/peers.txt`) and import nothing of ours.
"""
