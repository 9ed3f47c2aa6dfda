"""All sections of the site, in the order of the menu; sections never import one another."""

from evalhub.web.routes import (
    account,
    accounts,
    journal,
    messages,
    sign_in,
    work_centre,
)

SECTIONS = (
    sign_in.section,
    work_centre.section,
    messages.section,
    account.section,
    accounts.section,
    journal.section,
)
