"""The serializers of the objects inside an inbound target; their help texts are the API's description."""

from typing import Any

from rest_framework import serializers

from customers.models import Customer
from ordinavo.kernel.choices import Priority
from ordinavo.tenants.models import MINUTES_A_DAY
from targets.imports.api import fields

_LARGEST_AMOUNT = 999_999_999_999


class Form(serializers.Serializer[Any]):
    """A JSON object, judged member by member as it was sent: what is absent costs nothing.

    DRF asks every declared field for its value, its default and its source, which is most of the time that
    ten thousand items take. None of our fields has a default, and all of them stand under their own name.
    """

    default_error_messages = {"invalid": "Must be an object."}

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Return the known members of `data` as they are kept, or raise with all that is wrong."""
        is_empty, value = self.validate_empty_values(data)
        if is_empty:
            return value
        if not isinstance(data, dict):
            message = self.error_messages["invalid"]
            raise serializers.ValidationError({"non_field_errors": [message]}, code="invalid")
        return self.validate(self._judged(data))

    def _judged(self, data: dict[str, Any]) -> dict[str, Any]:
        known, kept, faults = self.fields.fields, {}, {}
        for name, sent in data.items():
            field = known.get(name)
            if field is not None:
                try:
                    kept[name] = field.run_validation(sent)
                except serializers.ValidationError as fault:
                    faults[name] = fault.detail
        if faults:
            raise serializers.ValidationError(faults)
        return kept


class Block(Form):
    """An object inside the payload; null clears it."""

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
    """The place of work where no site record is meant (old form); beside `location` it is ignored."""

    street = fields.Text(max_length=200, help_text="Street and house number.", example="Hachestrasse 12")
    postalCode = fields.Text(max_length=16, help_text="Postal code.", example="45127")
    city = fields.Text(max_length=100, help_text="Town.", example="Essen")
    country = fields.Country(help_text="ISO 3166-1 alpha-2 code, in any case.", example="DE")
    latitude = fields.Number(
        min_value=-90, max_value=90, help_text="Degrees (WGS 84); only with `longitude`.", example=51.451
    )
    longitude = fields.Number(
        min_value=-180, max_value=180, help_text="Degrees (WGS 84); only with `latitude`.", example=7.012
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Coordinates come as a pair."""
        return _refuse_half_a_coordinate(attrs)


class CustomerPayload(Block):
    """A customer. Without `externalId` and `customerNumber` it is the old flat form.

    `externalId` and `customerNumber` need the scope `customers.map`.
    """

    externalId = fields.Text(
        max_length=128, trim_whitespace=False, help_text="Your id of the customer.", example="CUST-10042"
    )
    customerNumber = fields.Text(
        max_length=64, help_text="The tenant's number; an update never changes it.", example="RRM-001"
    )
    name = fields.Text(max_length=200, help_text="Name.", example="Rhein-Ruhr Medical Supply")
    type = fields.Choice(Customer.Type.choices, help_text="Company or person.", example="Business")
    industry = fields.Text(max_length=100, help_text="Line of business.", example="Medical supplies")
    email = fields.Email(
        help_text="E-mail of the customer; beside `contactName` it is the contact's.",
        example="office@example.com",
    )
    phone = fields.Text(
        max_length=64,
        help_text="Phone, best in international form; beside `contactName` it is the contact's.",
        example="+49 201 123456",
    )
    contactName = fields.Text(
        max_length=200,
        help_text="Old form: the contact's name; beside `contact` it is ignored.",
        example="Anna Weber",
    )


class LocationPayload(AddressPayload):
    """A site of the customer, where the work is done. Needs the scope `customers.map`."""

    externalId = fields.Text(
        max_length=128, trim_whitespace=False, help_text="Your id of the site.", example="LOC-ESSEN-01"
    )
    name = fields.Text(max_length=200, help_text="Name.", example="Essen Center")
    defaultEstimatedWorkMinutes = fields.WholeNumber(
        min_value=1,
        max_value=MINUTES_A_DAY,
        help_text="Minutes of work for targets that say nothing.",
        example=45,
    )
    defaultPriority = fields.PriorityChoice(
        Priority.choices, help_text="Priority for targets that say nothing.", example="High"
    )
    accessNotes = fields.Text(max_length=10_000, help_text="How to get in.", example="Ring at the gate.")
    parkingNotes = fields.Text(max_length=10_000, help_text="Where to park.", example="Yard, bay 3.")


class ContactPayload(Block):
    """A person at the customer's. Needs the scope `customers.map`."""

    externalId = fields.Text(
        max_length=128, trim_whitespace=False, help_text="Your id of the contact.", example="CONT-44"
    )
    displayName = fields.Text(max_length=200, help_text="Name.", example="Anna Weber")
    role = fields.Text(max_length=100, help_text="What they do there.", example="Operations Manager")
    email = fields.Email(help_text="E-mail.", example="anna.weber@example.com")
    phone = fields.Text(
        max_length=64, help_text="Phone, best in international form.", example="+49 201 123456"
    )


class PlanningPayload(Block):
    """When and how long. On creation, absent values come from location, customer, template or tenant."""

    priority = fields.PriorityChoice(
        Priority.choices, help_text="In any case; `Medium` means `Normal`.", example="High"
    )
    estimatedWorkMinutes = fields.WholeNumber(
        min_value=1, max_value=MINUTES_A_DAY, help_text="Minutes of work.", example=45
    )
    dueDate = fields.Day(
        help_text="Due by this day; not with `dueAtUtc`, which it clears.", example="2026-07-01"
    )
    dueAtUtc = fields.Instant(
        help_text="Due by this instant; not with `dueDate`, which it clears.", example="2026-06-25T10:00:00Z"
    )
    preferredTimeWindowStart = fields.Instant(
        help_text="Start of the time window, with its zone.", example="2026-07-01T08:00:00Z"
    )
    preferredTimeWindowEnd = fields.Instant(
        help_text="End of the time window, after its start.", example="2026-07-01T14:00:00Z"
    )
    timeWindowStartUtc = fields.Instant(
        help_text="Other spelling of `preferredTimeWindowStart`.", example="2026-07-01T08:00:00Z"
    )
    timeWindowEndUtc = fields.Instant(
        help_text="Other spelling of `preferredTimeWindowEnd`.", example="2026-07-01T14:00:00Z"
    )
    routeDate = fields.Day(help_text="The day on which it should be on a route.", example="2026-06-25")
    fixedTime = fields.Flag(help_text="Whether the time was promised to the customer.", example=False)


class BusinessValuePayload(Block):
    """What the job is worth."""

    expectedRevenue = fields.Money(
        min_value=0,
        max_value=_LARGEST_AMOUNT,
        help_text="In the tenant's currency, at most two decimals.",
        example=2500,
    )
    customerTier = fields.Text(max_length=64, help_text="Your class of customer.", example="A")
    closeProbability = fields.Number(min_value=0, max_value=100, help_text="Per cent.", example=75)
