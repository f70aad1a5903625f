"""The serializers of an inbound target: its form, as the contract's table says."""

from typing import Any

from rest_framework import serializers

from customers.models import Customer
from ordinavo.kernel.choices import Priority
from ordinavo.tenants.models import MINUTES_A_DAY
from targets.imports.api import fields
from targets.imports.pipeline.drafts import CANCEL, CREATE, UPDATE, UPSERT

OPERATIONS = (UPSERT, CREATE, UPDATE, CANCEL)
_LARGEST_AMOUNT = 999_999_999_999


class Block(serializers.Serializer[Any]):
    """An object inside the payload; null clears it."""

    default_error_messages = {"invalid": "Must be an object."}

    def __init__(self, **extra: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, **extra})


def _refuse_half_a_coordinate(attrs: dict[str, Any]) -> dict[str, Any]:
    halves = [attrs.get("latitude"), attrs.get("longitude")]
    missing = "longitude" if halves[1] is None else "latitude"
    if halves.count(None) == 1 or ("latitude" in attrs) != ("longitude" in attrs):
        message = "Latitude and longitude come as a pair."
        raise serializers.ValidationError(
            {missing: serializers.ErrorDetail(message, "incomplete_coordinates")}
        )
    return attrs


class AddressPayload(Block):
    """The place of work where no site record is meant (old form)."""

    street = fields.Text(max_length=200)
    postalCode = fields.Text(max_length=16)
    city = fields.Text(max_length=100)
    country = fields.Country()
    latitude = fields.Number(min_value=-90, max_value=90)
    longitude = fields.Number(min_value=-180, max_value=180)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Coordinates come as a pair."""
        return _refuse_half_a_coordinate(attrs)


class CustomerPayload(Block):
    """A customer; without `externalId` and `customerNumber` it is the old flat form."""

    externalId = fields.Text(max_length=128, trim_whitespace=False)
    customerNumber = fields.Text(max_length=64)
    name = fields.Text(max_length=200)
    type = fields.Choice(Customer.Type.choices)
    industry = fields.Text(max_length=100)
    email = fields.Email()
    phone = fields.Text(max_length=64)
    contactName = fields.Text(max_length=200)


class LocationPayload(AddressPayload):
    """A site of the customer."""

    externalId = fields.Text(max_length=128, trim_whitespace=False)
    name = fields.Text(max_length=200)
    defaultEstimatedWorkMinutes = fields.WholeNumber(min_value=1, max_value=MINUTES_A_DAY)
    defaultPriority = fields.PriorityChoice(Priority.choices)
    accessNotes = fields.Text(max_length=10_000)
    parkingNotes = fields.Text(max_length=10_000)


class ContactPayload(Block):
    """A person at the customer's."""

    externalId = fields.Text(max_length=128, trim_whitespace=False)
    displayName = fields.Text(max_length=200)
    role = fields.Text(max_length=100)
    email = fields.Email()
    phone = fields.Text(max_length=64)


class PlanningPayload(Block):
    """When and how long; times in both spellings."""

    priority = fields.PriorityChoice(Priority.choices)
    estimatedWorkMinutes = fields.WholeNumber(min_value=1, max_value=MINUTES_A_DAY)
    dueDate = fields.Day()
    dueAtUtc = fields.Instant()
    preferredTimeWindowStart = fields.Instant()
    preferredTimeWindowEnd = fields.Instant()
    timeWindowStartUtc = fields.Instant()
    timeWindowEndUtc = fields.Instant()
    routeDate = fields.Day()
    fixedTime = fields.Flag()


class BusinessValuePayload(Block):
    """What the job is worth."""

    expectedRevenue = fields.Money(min_value=0, max_value=_LARGEST_AMOUNT)
    customerTier = fields.Text(max_length=64)
    closeProbability = fields.Number(min_value=0, max_value=100)


class TargetPayload(serializers.Serializer[Any]):
    """One inbound target."""

    default_error_messages = {"invalid": "Must be an object."}

    externalId = fields.Text(max_length=128, trim_whitespace=False)
    externalType = fields.Text(max_length=64)
    sourceSystem = fields.Text(max_length=50)
    operation = fields.Choice(OPERATIONS)
    title = fields.Text(max_length=200)
    description = fields.Text(max_length=20_000)
    templateKey = fields.Text(max_length=64)
    customer = CustomerPayload()
    location = LocationPayload()
    contact = ContactPayload()
    address = AddressPayload()
    planning = PlanningPayload()
    businessValue = BusinessValuePayload()
    customFields = fields.CustomFields()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A title is needed where a target may be made, and none is ever emptied; a cancel needs none."""
        operation = attrs.get("operation")
        needed = operation in {None, UPSERT, CREATE} or (operation == UPDATE and "title" in attrs)
        if needed and not attrs.get("title"):
            message = "A title of 1 to 200 characters is needed."
            raise serializers.ValidationError({"title": serializers.ErrorDetail(message, "required")})
        return attrs
