"""Every way in which a field can be wrong: status, code, path, and the job that tells of it."""

from typing import Any

import pytest

from tests.api import Api
from tests.imports.sending import PATH, assert_error_shape, assert_job_tells, payload

LONG = "x" * 10_001
# What was sent, and the faults: path and code.
MALFORMED: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "externalId of 129 characters": ({"externalId": "x" * 129}, [("externalId", "max_length")]),
    "externalId a number": ({"externalId": 4711}, [("externalId", "invalid")]),
    "externalId zero": ({"externalId": 0}, [("externalId", "invalid")]),
    "externalId false": ({"externalId": False}, [("externalId", "invalid")]),
    "externalId a list": ({"externalId": []}, [("externalId", "invalid")]),
    "externalId a list of texts": ({"externalId": ["T-1"]}, [("externalId", "invalid")]),
    "externalId an object": ({"externalId": {}}, [("externalId", "invalid")]),
    "no title": ({"title": None}, [("title", "required")]),
    "an empty title": ({"title": ""}, [("title", "required")]),
    "a blank title": ({"title": " \t\n"}, [("title", "required")]),
    "a title of 201 characters": ({"title": "x" * 201}, [("title", "max_length")]),
    "a title of a wrong type": ({"title": ["x"]}, [("title", "invalid")]),
    "an emptied title in an update": ({"title": "", "operation": "update"}, [("title", "required")]),
    "an unknown operation": ({"operation": "delete"}, [("operation", "invalid_choice")]),
    "an operation in capitals": ({"operation": "UPSERT"}, [("operation", "invalid_choice")]),
    "an operation of a wrong type": ({"operation": {"a": 1}}, [("operation", "invalid_choice")]),
    "a long type": ({"externalType": "x" * 65}, [("externalType", "max_length")]),
    "a long description": ({"description": "x" * 20_001}, [("description", "max_length")]),
    "a description of a wrong type": ({"description": 1}, [("description", "invalid")]),
    "a template key of a wrong type": ({"templateKey": ["a"]}, [("templateKey", "invalid")]),
    "a source system of a wrong type": ({"sourceSystem": 1}, [("sourceSystem", "invalid")]),
    "a list for planning": ({"planning": []}, [("planning", "invalid")]),
    "a list of an object for planning": ({"planning": [{}]}, [("planning", "invalid")]),
    "a text for an address": ({"address": "Essen"}, [("address", "invalid")]),
    "a list for a location": ({"location": [1]}, [("location", "invalid")]),
    "a list for a contact": ({"contact": [1]}, [("contact", "invalid")]),
    "a text for a customer": ({"customer": "RRM"}, [("customer", "invalid")]),
    "a list for custom fields": ({"customFields": []}, [("customFields", "invalid")]),
    "a list for the business value": ({"businessValue": [1]}, [("businessValue", "invalid")]),
    "an unknown priority": ({"planning": {"priority": "asap"}}, [("planning.priority", "invalid_choice")]),
    "a priority of a wrong type": ({"planning": {"priority": 1}}, [("planning.priority", "invalid_choice")]),
    "no minutes": (
        {"planning": {"estimatedWorkMinutes": 0}},
        [("planning.estimatedWorkMinutes", "min_value")],
    ),
    "more minutes than a day has": (
        {"planning": {"estimatedWorkMinutes": 1441}},
        [("planning.estimatedWorkMinutes", "max_value")],
    ),
    "half a minute": (
        {"planning": {"estimatedWorkMinutes": 1.5}},
        [("planning.estimatedWorkMinutes", "invalid")],
    ),
    "minutes as text": (
        {"planning": {"estimatedWorkMinutes": "45"}},
        [("planning.estimatedWorkMinutes", "invalid")],
    ),
    "minutes as a boolean": (
        {"planning": {"estimatedWorkMinutes": True}},
        [("planning.estimatedWorkMinutes", "invalid")],
    ),
    "an impossible day": ({"planning": {"dueDate": "2026-02-30"}}, [("planning.dueDate", "invalid")]),
    "the year zero": ({"planning": {"dueDate": "0000-01-01"}}, [("planning.dueDate", "invalid")]),
    "a day with a time": (
        {"planning": {"dueDate": "2026-02-03T00:00:00Z"}},
        [("planning.dueDate", "invalid")],
    ),
    "a German day": ({"planning": {"routeDate": "03.02.2026"}}, [("planning.routeDate", "invalid")]),
    "an empty day": ({"planning": {"routeDate": ""}}, [("planning.routeDate", "invalid")]),
    "a day as a number": ({"planning": {"routeDate": 20260203}}, [("planning.routeDate", "invalid")]),
    "Arabic digits": (
        {"planning": {"routeDate": "\u0662\u0660\u0662\u0666-01-01"}},
        [("planning.routeDate", "invalid")],
    ),
    "a time without zone": (
        {"planning": {"dueAtUtc": "2026-02-03T08:00:00"}},
        [("planning.dueAtUtc", "timezone_required")],
    ),
    "a time without T": (
        {"planning": {"dueAtUtc": "2026-02-03 08:00:00Z"}},
        [("planning.dueAtUtc", "invalid")],
    ),
    "an impossible hour": (
        {"planning": {"dueAtUtc": "2026-02-03T25:00:00Z"}},
        [("planning.dueAtUtc", "invalid")],
    ),
    "an impossible day with a time": (
        {"planning": {"dueAtUtc": "2026-02-30T08:00:00Z"}},
        [("planning.dueAtUtc", "invalid")],
    ),
    "an impossible zone": (
        {"planning": {"dueAtUtc": "2026-02-03T08:00:00+99:00"}},
        [("planning.dueAtUtc", "invalid")],
    ),
    "the end of all time": (
        {"planning": {"dueAtUtc": "9999-12-31T23:59:59Z"}},
        [("planning.dueAtUtc", "out_of_range")],
    ),
    "the beginning of all time": (
        {"planning": {"dueAtUtc": "0001-01-01T00:00:00Z"}},
        [("planning.dueAtUtc", "out_of_range")],
    ),
    "a time before the beginning": (
        {"planning": {"dueAtUtc": "0001-01-01T00:00:00+10:00"}},
        [("planning.dueAtUtc", "invalid")],
    ),
    "a time as a number": (
        {"planning": {"dueAtUtc": 1_770_000_000}},
        [("planning.dueAtUtc", "invalid")],
    ),
    "a day and a time": (
        {"planning": {"dueDate": "2026-02-03", "dueAtUtc": "2026-02-03T08:00:00Z"}},
        [("planning.dueAtUtc", "conflicting_values")],
    ),
    "an end before its start": (
        {
            "planning": {
                "preferredTimeWindowStart": "2026-02-03T09:00:00Z",
                "preferredTimeWindowEnd": "2026-02-03T08:00:00Z",
            }
        },
        [("planning.preferredTimeWindowEnd", "window_ends_before_it_starts")],
    ),
    "an end at its start in another zone": (
        {
            "planning": {
                "timeWindowStartUtc": "2026-02-03T09:00:00+01:00",
                "timeWindowEndUtc": "2026-02-03T08:00:00Z",
            }
        },
        [("planning.timeWindowEndUtc", "window_ends_before_it_starts")],
    ),
    "two spellings, two starts": (
        {
            "planning": {
                "preferredTimeWindowStart": "2026-02-03T08:00:00Z",
                "timeWindowStartUtc": "2026-02-03T09:00:00Z",
            }
        },
        [("planning.timeWindowStartUtc", "conflicting_values")],
    ),
    "two spellings, one of them null": (
        {"planning": {"preferredTimeWindowEnd": None, "timeWindowEndUtc": "2026-02-03T09:00:00Z"}},
        [("planning.timeWindowEndUtc", "conflicting_values")],
    ),
    "a flag as text": ({"planning": {"fixedTime": "yes"}}, [("planning.fixedTime", "invalid")]),
    "a flag as a number": ({"planning": {"fixedTime": 1}}, [("planning.fixedTime", "invalid")]),
    "half a coordinate": ({"address": {"latitude": 51.4}}, [("address.longitude", "incomplete_coordinates")]),
    "the other half": (
        {"address": {"latitude": None, "longitude": 7}},
        [("address.latitude", "incomplete_coordinates")],
    ),
    "half a coordinate is cleared": (
        {"address": {"longitude": None}},
        [("address.longitude", "incomplete_coordinates")],
    ),
    "half a coordinate of a location": (
        {"location": {"externalId": "L", "longitude": 7.0}},
        [("location.latitude", "incomplete_coordinates")],
    ),
    "a latitude beyond the pole": (
        {"address": {"latitude": 90.1, "longitude": 7}},
        [("address.latitude", "max_value")],
    ),
    "a longitude beyond the date line": (
        {"address": {"latitude": 9, "longitude": -180.5}},
        [("address.longitude", "min_value")],
    ),
    "coordinates as text": (
        {"address": {"latitude": "51.4", "longitude": "7.0"}},
        [("address.latitude", "invalid"), ("address.longitude", "invalid")],
    ),
    "country XX": ({"address": {"country": "XX"}}, [("address.country", "invalid")]),
    "a country's name": ({"location": {"country": "Germany"}}, [("location.country", "invalid")]),
    "a country of three letters": ({"location": {"country": "DEU"}}, [("location.country", "invalid")]),
    "a country as a list": ({"location": {"country": ["DE"]}}, [("location.country", "invalid")]),
    "a long postal code": ({"address": {"postalCode": "1" * 17}}, [("address.postalCode", "max_length")]),
    "long access notes": ({"location": {"accessNotes": LONG}}, [("location.accessNotes", "max_length")]),
    "an unknown default priority": (
        {"location": {"defaultPriority": "now"}},
        [("location.defaultPriority", "invalid_choice")],
    ),
    "an e-mail without @": ({"contact": {"email": "anna.example.com"}}, [("contact.email", "invalid")]),
    "an e-mail with a line break": ({"contact": {"email": "a@b.de\nx"}}, [("contact.email", "invalid")]),
    "a customer's e-mail without @": ({"customer": {"email": "anna"}}, [("customer.email", "invalid")]),
    "a long e-mail": (
        {"customer": {"email": "a" * 64 + "@" + ("b" * 60 + ".") * 4 + "de"}},
        [("customer.email", "max_length")],
    ),
    "an e-mail as a list": ({"contact": {"email": []}}, [("contact.email", "invalid")]),
    "a phone as a number": ({"contact": {"phone": 49201}}, [("contact.phone", "invalid")]),
    "an unknown type of customer": (
        {"customer": {"name": "A", "type": "Company"}},
        [("customer.type", "invalid_choice")],
    ),
    "a long external id of a customer": (
        {"customer": {"externalId": "x" * 129}},
        [("customer.externalId", "max_length")],
    ),
    "a customer number as a number": (
        {"customer": {"customerNumber": 1}},
        [("customer.customerNumber", "invalid")],
    ),
    "a negative revenue": (
        {"businessValue": {"expectedRevenue": -0.01}},
        [("businessValue.expectedRevenue", "min_value")],
    ),
    "a revenue that nobody has": (
        {"businessValue": {"expectedRevenue": 1e300}},
        [("businessValue.expectedRevenue", "max_value")],
    ),
    "a revenue of 28 digits": (
        {"businessValue": {"expectedRevenue": 1e27}},
        [("businessValue.expectedRevenue", "max_value")],
    ),
    "parts of a cent": (
        {"businessValue": {"expectedRevenue": 0.001}},
        [("businessValue.expectedRevenue", "max_decimal_places")],
    ),
    "a revenue as text": (
        {"businessValue": {"expectedRevenue": "12.00"}},
        [("businessValue.expectedRevenue", "invalid")],
    ),
    "more than certain": (
        {"businessValue": {"closeProbability": 100.5}},
        [("businessValue.closeProbability", "max_value")],
    ),
    "51 custom fields": (
        {"customFields": {f"f{n}": n for n in range(51)}},
        [("customFields", "max_length")],
    ),
    "a nested custom field": ({"customFields": {"a": {"b": 1}}}, [("customFields", "invalid_value")]),
    "a custom field with a list": ({"customFields": {"a": [1]}}, [("customFields", "invalid_value")]),
    "a custom field without a name": ({"customFields": {"": 1}}, [("customFields", "invalid_name")]),
    "a custom field with a long name": ({"customFields": {"x" * 65: 1}}, [("customFields", "invalid_name")]),
    "several faults at once": (
        {"title": "", "planning": {"priority": "x", "fixedTime": 0}},
        [("planning.fixedTime", "invalid"), ("planning.priority", "invalid_choice")],
    ),
}


@pytest.mark.parametrize(("members", "faults"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_target_is_refused_field_by_field_and_its_job_kept(
    api: Api, members: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    sent = payload(**members)
    answer = api.post(PATH, sent)
    error = assert_error_shape(answer)
    assert (answer.status_code, error["code"]) == (400, "validation_failed")
    assert sorted((detail["path"], detail["code"]) for detail in error["details"]) == faults
    assert_job_tells(api, answer, sent, item_code="validation_failed")


MISSING = {
    "absent": {},
    "null": {"externalId": None},
    "empty": {"externalId": ""},
    "blank": {"externalId": " \t"},
}


@pytest.mark.parametrize("members", MISSING.values(), ids=MISSING.keys())
def test_a_target_without_external_id_is_refused_and_its_job_kept(api: Api, members: dict[str, Any]) -> None:
    sent = {"title": "Visit", **members}
    answer = api.post(PATH, sent)
    error = assert_error_shape(answer)
    assert (answer.status_code, error["code"]) == (400, "missing_external_id")
    assert [(d["path"], d["code"]) for d in error["details"]] == [("externalId", "missing_external_id")]
    assert_job_tells(api, answer, sent, item_code="missing_external_id")


def test_the_target_of_another_source_system_is_refused_and_its_job_kept(api: Api) -> None:
    sent = payload(sourceSystem="other_erp")
    answer = api.post(PATH, sent)
    error = assert_error_shape(answer)
    assert (answer.status_code, error["code"]) == (422, "item_rejected")
    assert [(d["path"], d["code"]) for d in error["details"]] == [
        ("sourceSystem", "source_system_not_allowed")
    ]
    assert_job_tells(api, answer, sent, item_code="source_system_not_allowed")
