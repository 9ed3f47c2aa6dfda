"""Where a link in a document may lead."""

import re

from evalhub.infra.inspection.reasons import Reason, Refusal

_SAFE_LINK = re.compile(r"(https?://|mailto:|tel:|#|[^:/\\]+$|[^:/\\]+/[^:\\]*$)", re.IGNORECASE)


def refuse_unsafe_link(target: str, place: str) -> None:
    """Links lead to web pages, mail, telephone, or a place within the document; to nothing that runs or mounts."""
    if target and not _SAFE_LINK.match(target.strip()):
        raise Refusal(Reason.SCRIPT_LINK, place)
