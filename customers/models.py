"""Customer, Location, Contact, ExternalReference, TimelineEntry; and what searches go by."""

from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from customers.cities import CityAlias
from customers.remembered import Alias, RefusedPair
from customers.searching import MatchingProfile, SearchKey
from integrations.models import SourceSystem
from ordinavo.kernel.choices import Priority
from ordinavo.kernel.lean import LeanModel
from ordinavo.tenants.models import MINUTES_A_DAY, Tenant, User, validate_country

__all__ = [
    "Alias",
    "CityAlias",
    "Contact",
    "Customer",
    "ExternalReference",
    "Location",
    "MatchedBy",
    "MatchingProfile",
    "Record",
    "RecordKind",
    "RefusedPair",
    "SearchKey",
    "TimelineEntry",
    "WorkDefaults",
]


class Record(LeanModel):
    """What customers, locations and contacts share. `*_key` columns hold normalised forms for look-ups."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", db_index=False)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class WorkDefaults(models.Model):
    """Planning values for targets whose sender says nothing."""

    default_estimated_work_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MINUTES_A_DAY)]
    )
    default_priority = models.CharField(max_length=6, choices=Priority, blank=True)

    class Meta:
        abstract = True


class Customer(Record, WorkDefaults):
    """A business or private person. The number is the tenant's own and, as in real life, not unique."""

    class Type(models.TextChoices):
        BUSINESS = "Business", "Business"
        PRIVATE = "Private", "Private"

    number = models.CharField(max_length=64, blank=True, verbose_name="customer number")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    type = models.CharField(max_length=8, choices=Type, blank=True)
    industry = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=254, blank=True, verbose_name="e-mail")
    email_key = models.CharField(max_length=254, blank=True, editable=False)
    phone = models.CharField(max_length=64, blank=True, help_text="As it was given.")
    phone_key = models.CharField(max_length=16, blank=True, editable=False, verbose_name="phone (E.164)")

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("tenant", "number"), name="customer_by_number", condition=~Q(number="")),
            models.Index(
                fields=("tenant", "email_key"), name="customer_by_email", condition=~Q(email_key="")
            ),
            models.Index(
                fields=("tenant", "phone_key"), name="customer_by_phone", condition=~Q(phone_key="")
            ),
            # With this class of operators the index also finds names by their beginning.
            models.Index(
                fields=("tenant", "name_key"),
                name="customer_by_name",
                opclasses=("int8_ops", "varchar_pattern_ops"),
            ),
            models.Index(fields=("tenant", "-id"), name="customer_newest_first"),
        )

    def __str__(self) -> str:
        return self.name


class Location(Record, WorkDefaults):
    """A place of a customer's where work is done. Coordinates (WGS 84, degrees) come as a pair or not."""

    # The customer has the tenant checked; a batch would check it again for each of its rows.
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="locations")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True, validators=[validate_country])
    latitude = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    access_notes = models.TextField(blank=True)
    parking_notes = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="location_has_both_coordinates_or_none",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message="Give latitude and longitude, or neither.",
            ),
        )
        indexes = (models.Index(fields=("tenant", "-id"), name="location_newest_first"),)

    def __str__(self) -> str:
        return self.name


class Contact(Record):
    """A person at a customer's."""

    # The customer has the tenant checked, as with locations.
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    display_name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    role = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=254, blank=True, verbose_name="e-mail")
    email_key = models.CharField(max_length=254, blank=True, editable=False)
    phone = models.CharField(max_length=64, blank=True, help_text="As it was given.")
    phone_key = models.CharField(max_length=16, blank=True, editable=False, verbose_name="phone (E.164)")

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("tenant", "email_key"), name="contact_by_email", condition=~Q(email_key="")),
            models.Index(fields=("tenant", "phone_key"), name="contact_by_phone", condition=~Q(phone_key="")),
            models.Index(fields=("tenant", "-id"), name="contact_newest_first"),
        )

    def __str__(self) -> str:
        return self.display_name


class RecordKind(models.TextChoices):
    """What an external id can name."""

    CUSTOMER = "customer", "Customer"
    LOCATION = "location", "Location"
    CONTACT = "contact", "Contact"


class MatchedBy(models.TextChoices):
    """What led from a sent record to ours; spelled as in the API."""

    EXTERNAL_ID = "externalId", "External id"
    CUSTOMER_NUMBER = "customerNumber", "Customer number"
    EMAIL = "email", "E-mail"
    PHONE = "phone", "Phone"
    NAME_AND_ADDRESS = "nameAndAddress", "Name and address"
    MANUAL = "manual", "Manager's decision"
    CREATED = "created", "Created by an import"


class ExternalReference(models.Model):
    """How one outside system calls one of our records, and how we came to know."""

    # The source system has its tenant checked; a batch would check it again for each of its rows.
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    source_system = models.ForeignKey(
        SourceSystem, on_delete=models.PROTECT, related_name="references", db_index=False
    )
    kind = models.CharField(max_length=8, choices=RecordKind)
    external_id = models.CharField(max_length=128)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, blank=True, related_name="references", db_index=False
    )
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="references", db_index=False
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="references", db_index=False
    )
    matched_by = models.CharField(max_length=16, choices=MatchedBy)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "source_system", "kind", "external_id"),
                name="external_id_names_one_record",
                violation_error_message="The source system uses this external id for another record.",
            ),
            models.CheckConstraint(
                name="reference_names_a_record_of_its_kind",
                condition=Q(kind="customer", customer__isnull=False, location=None, contact=None)
                | Q(kind="location", customer=None, location__isnull=False, contact=None)
                | Q(kind="contact", customer=None, location=None, contact__isnull=False),
                violation_error_message="Name one record, of the kind that was chosen.",
            ),
        )
        indexes = (
            models.Index(
                fields=("customer",), name="reference_to_customer", condition=Q(customer__isnull=False)
            ),
            models.Index(
                fields=("location",), name="reference_to_location", condition=Q(location__isnull=False)
            ),
            models.Index(
                fields=("contact",), name="reference_to_contact", condition=Q(contact__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_system_id}:{self.external_id}"

    @property
    def record(self) -> "Customer | Location | Contact":
        """The record that is named."""
        return self.customer or self.location or self.contact  # type: ignore[return-value]


class TimelineEntry(models.Model):
    """One line of a record's history, written by whoever changed it; append-only.

    The subject is named by type and id: rooms above write about nouns that this room doesn't know.
    """

    # The subject has its tenant checked; a batch would check it again for each of its lines.
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    subject_type = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    action = models.CharField(max_length=64)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    actor = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    correlation_id = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "timeline entries"
        indexes = (
            models.Index(fields=("tenant", "subject_type", "subject_id", "-id"), name="timeline_of_subject"),
        )

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}: {self.action}"
