"""HTTP. The only layer that knows request, session, form and template."""
