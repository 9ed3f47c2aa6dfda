"""`python -m evalhub.cli`."""

import sys

from evalhub.cli import main

sys.exit(main())
