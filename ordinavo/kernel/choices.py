"""Words that several rooms share."""

from django.db import models


class Priority(models.TextChoices):
    """How urgent a job is; spelled as in the API."""

    LOW = "Low", "Low"
    NORMAL = "Normal", "Normal"
    HIGH = "High", "High"
    URGENT = "Urgent", "Urgent"
