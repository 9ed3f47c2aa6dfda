"""Once an hour the head of the journal is written down outside the database."""

from typing import Any

from evalhub.infra.anchors import append_anchor, read_anchors
from evalhub.services.anchoring import find_head

HOUR_MILLISECONDS = 3_600_000


def anchor_head(house: Any) -> None:
    """Write an anchor where the last one is an hour old and the chain has grown since."""
    path = house.settings.anchors_path
    anchors = read_anchors(path)
    with house.database.read() as session:
        head = find_head(session, house.now())
    if head is None:
        return
    last = anchors[-1] if anchors else None
    if last is None or (head.position > last.position and head.at - last.at >= HOUR_MILLISECONDS):
        append_anchor(path, head)
