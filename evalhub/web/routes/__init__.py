"""All sections of the site, in the order of the menu; sections never import one another."""

from evalhub.web.routes import account, accounts, journal, sign_in, work_centre

SECTIONS = (sign_in.section, work_centre.section, account.section, accounts.section, journal.section)
