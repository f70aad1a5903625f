"""The form of an inbound target, as the contract's table says; its help texts are the API's description."""

from typing import Any

from rest_framework import serializers

from targets.imports.api import fields
from targets.imports.api.blocks import (
    AddressPayload,
    BusinessValuePayload,
    ContactPayload,
    CustomerPayload,
    Form,
    LocationPayload,
    PlanningPayload,
)
from targets.imports.pipeline.drafts import CANCEL, CREATE, UPDATE, UPSERT

OPERATIONS = (UPSERT, CREATE, UPDATE, CANCEL)


class TargetPayload(Form):
    """One inbound target.

    In updates a member that is absent keeps its value, null clears it, objects merge by member. Fields that
    are not known here are ignored with the warning `unknown_field`.
    """

    externalId = fields.Text(
        required=True,
        allow_null=False,
        allow_blank=False,
        max_length=128,
        trim_whitespace=False,
        help_text="Your own id of the target, unique within your source system.",
        example="JOB-2026-000918",
    )
    externalType = fields.Text(max_length=64, help_text="A word of your own.", example="DeliveryOrder")
    sourceSystem = fields.Text(
        max_length=50,
        help_text="Your client's source system; needless, and no other one.",
        example="logistics_erp",
    )
    operation = fields.Choice(
        OPERATIONS,
        help_text=(
            "`upsert` (default) creates or updates, `create` refuses a known id, `update` and `cancel` an "
            "unknown one."
        ),
        example="upsert",
    )
    title = fields.Text(
        max_length=200,
        help_text="1 to 200 characters; required unless `operation` is `update` or `cancel`.",
        example="Maintenance visit",
    )
    description = fields.Text(
        max_length=20_000, help_text="What is to be done.", example="Check refrigeration unit."
    )
    templateKey = fields.Text(
        max_length=64,
        help_text="A key of `GET /target-templates`; an unknown one gives a warning.",
        example="delivery_stop",
    )
    customer = CustomerPayload(help_text="For whom; null takes the customer away.")
    location = LocationPayload(help_text="Where, as a site of the customer; null takes it away.")
    contact = ContactPayload(help_text="Whom to ask for; null takes it away.")
    address = AddressPayload(help_text="Where, without a site; null clears it.")
    planning = PlanningPayload(help_text="When and how long; null clears all of it.")
    businessValue = BusinessValuePayload(help_text="What it is worth; null clears all of it.")
    customFields = fields.CustomFields(
        help_text=(
            "Up to 50 names of your own with string, number, boolean or null, given back unchanged; "
            "replaced whole."
        ),
        example={"serviceType": "Maintenance", "assetId": "FRIDGE-221"},
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A title is needed where a target may be made, and none is ever emptied; a cancel needs none."""
        operation = attrs.get("operation")
        needed = operation in {None, UPSERT, CREATE} or (operation == UPDATE and "title" in attrs)
        if needed and not attrs.get("title"):
            message = "A title of 1 to 200 characters is needed."
            raise serializers.ValidationError({"title": serializers.ErrorDetail(message, "required")})
        return attrs


class SharedMembers(serializers.Serializer[Any]):
    """What a batch says beside its items; the first two hold for every item that does not say otherwise."""

    sourceSystem = fields.Text(max_length=50)
    operation = fields.Choice(OPERATIONS)
    batchId = fields.Text(max_length=128)
