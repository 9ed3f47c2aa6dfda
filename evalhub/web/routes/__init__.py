"""All sections of the site, in the order of the menu; sections never import one another."""

from evalhub.web.routes import (
    account,
    accounts,
    agencies,
    departments,
    experts,
    fields,
    intakes,
    journal,
    messages,
    organisations,
    projects,
    sign_in,
    work_centre,
)

SECTIONS = (
    sign_in.section,
    work_centre.section,
    messages.section,
    projects.section,
    departments.section,
    experts.section,
    agencies.section,
    organisations.section,
    fields.section,
    intakes.section,
    account.section,
    accounts.section,
    journal.section,
)
