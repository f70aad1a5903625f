"""Employee, WorkingHours, Absence."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from ordinavo.tenants.models import MINUTES_A_DAY, Tenant, User, validate_zone
from targets.models import SKILL

_LATITUDE = [MinValueValidator(-90), MaxValueValidator(90)]
_LONGITUDE = [MinValueValidator(-180), MaxValueValidator(180)]


class Language(models.TextChoices):
    """What MyDay speaks."""

    ENGLISH = "en", "English"
    GERMAN = "de", "Deutsch"


class Employee(models.Model):
    """Somebody who is sent to customers. Places are in degrees (WGS 84); without an end the day ends where it
    started.

    `max_stops` and `max_driving_minutes` are for one day; empty means without a limit.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="employees", db_index=False)
    user = models.OneToOneField(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="employee"
    )
    name = models.CharField(max_length=200)
    active = models.BooleanField(default=True)
    time_zone = models.CharField(
        max_length=64, blank=True, validators=[validate_zone], help_text="Empty: the tenant's."
    )
    language = models.CharField(
        max_length=2, choices=Language, blank=True, help_text="Of MyDay. Empty: as the phone asks for."
    )
    start_address = models.CharField(max_length=300, blank=True)
    start_latitude = models.FloatField(null=True, blank=True, validators=_LATITUDE)
    start_longitude = models.FloatField(null=True, blank=True, validators=_LONGITUDE)
    end_address = models.CharField(max_length=300, blank=True)
    end_latitude = models.FloatField(null=True, blank=True, validators=_LATITUDE)
    end_longitude = models.FloatField(null=True, blank=True, validators=_LONGITUDE)
    skills = ArrayField(models.CharField(max_length=64, validators=[SKILL]), default=list, blank=True)
    max_stops = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    max_driving_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MINUTES_A_DAY)]
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                name="employee_starts_at_both_coordinates_or_none",
                condition=Q(start_latitude=None, start_longitude=None)
                | Q(start_latitude__isnull=False, start_longitude__isnull=False),
                violation_error_message="Give latitude and longitude of the start, or neither.",
            ),
            models.CheckConstraint(
                name="employee_ends_at_both_coordinates_or_none",
                condition=Q(end_latitude=None, end_longitude=None)
                | Q(end_latitude__isnull=False, end_longitude__isnull=False),
                violation_error_message="Give latitude and longitude of the end, or neither.",
            ),
        )
        indexes = (models.Index(fields=("tenant", "name"), name="employee_by_name"),)

    def __str__(self) -> str:
        return self.name


class WorkingHours(models.Model):
    """When an employee works on a weekday, in local time, and when within that they take their break.

    The break takes `break_minutes` (0: none) and begins and ends between `break_from` and `break_until`.
    """

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Monday"
        TUESDAY = 1, "Tuesday"
        WEDNESDAY = 2, "Wednesday"
        THURSDAY = 3, "Thursday"
        FRIDAY = 4, "Friday"
        SATURDAY = 5, "Saturday"
        SUNDAY = 6, "Sunday"

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    start = models.TimeField()
    end = models.TimeField()
    break_minutes = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(240)])
    break_from = models.TimeField(null=True, blank=True)
    break_until = models.TimeField(null=True, blank=True)

    class Meta:
        ordering = ("weekday",)
        verbose_name_plural = "working hours"
        constraints = (
            models.UniqueConstraint(
                fields=("employee", "weekday"),
                name="one_working_time_per_weekday",
                violation_error_message="The employee has working hours on this weekday.",
            ),
            models.CheckConstraint(
                name="working_hours_start_before_they_end",
                condition=Q(start__lt=F("end")),
                violation_error_message="Working hours must start before they end.",
            ),
            models.CheckConstraint(
                name="break_lies_within_the_working_hours",
                condition=Q(break_minutes=0)
                | Q(break_from__gte=F("start"), break_until__lte=F("end"), break_from__lt=F("break_until")),
                violation_error_message="The break must lie within the working hours.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.start:%H:%M} to {self.end:%H:%M}"


class Absence(models.Model):
    """Whole days on which an employee does not work, first and last day included."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("-first_day",)
        constraints = (
            models.CheckConstraint(
                name="absence_begins_before_it_ends",
                condition=Q(first_day__lte=F("last_day")),
                violation_error_message="The first day must not be after the last one.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}"
