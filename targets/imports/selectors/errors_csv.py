"""The refused items of a job as CSV, for the people who have to mend them."""

import csv
import json
from collections.abc import Iterator

from targets.imports.models import ImportItem, ImportJob

_HEAD = ("index", "externalId", "code", "message", "path", "payload")
# Spreadsheets take cells that begin like this for formulas.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def error_lines(job: ImportJob) -> Iterator[str]:
    """Yield the lines of the file: a head, then one line per fault, by index."""
    writer = csv.writer(_Echo())
    yield writer.writerow(_HEAD)
    refused = ImportItem.objects.filter(tenant=job.tenant_id, job=job, status=ImportItem.Status.REJECTED)
    for item in refused.order_by("index").iterator(chunk_size=500):
        payload = json.dumps(item.payload, ensure_ascii=False, separators=(",", ":"))
        for fault in item.errors:
            cells = (item.external_id, fault["code"], fault["message"], fault["path"], payload)
            yield writer.writerow((item.index, *map(_defused, cells)))


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
