"""The application for a WSGI server: `waitress-serve wsgi:app`, settings from the environment."""

from evalhub.app import create_app

app = create_app()
