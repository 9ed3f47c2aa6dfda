"""The work centre: what waits for the person who has signed in."""

from typing import Any

from evalhub.domain.permissions import SIGNED_IN
from evalhub.web.section import Section
from evalhub.web.visit import Visit

section = Section("work_centre", __name__)


@section.page("/", permission=SIGNED_IN)
def index(visit: Visit) -> Any:
    return visit.render("work_centre/index.html")
