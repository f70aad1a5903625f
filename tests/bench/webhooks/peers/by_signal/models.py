"""What changes, and so is told."""

from django.db import models


class Target(models.Model):
    """A target with all that its webhook says."""

    payload = models.JSONField()
