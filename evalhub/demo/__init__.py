"""The invented district: pools, projects and three rounds in different stages, built through the real services.

`cast` makes bodies, people and accounts, `works` the projects, `stage` runs services as one of the cast at a chosen
instant, `story` drives the rounds. All dates lie relative to the day of building; the same seed and day give the same
rows. Everything is invented.

It stands above `work` and below the commands: its people ask for allocations as officers do, and it then runs the job
as the worker would, so that the district is whole before anything is served.
"""
