"""A task knows when it was sent."""

from datetime import UTC, datetime, timedelta

from celery.app.task import Context

from ordinavo.kernel.sent import sent_at, stamp


def test_a_stamped_message_tells_when_it_was_sent() -> None:
    headers: dict[str, object] = {"task": "some.task", "id": "1"}
    before = datetime.now(UTC)
    stamp(headers)
    assert before <= sent_at(Context(headers)) <= datetime.now(UTC)


def test_a_task_that_was_called_directly_was_sent_just_now() -> None:
    assert datetime.now(UTC) - sent_at(Context()) < timedelta(seconds=5)
