"""evalhub: expert pool, agency pool and budget-performance evaluations of a district finance bureau.

Layers are folders and imports point down:
`app > web | cli > demo > work > services > queries > models > infra | domain`.
Nouns are file names and stand in every layer: to follow "experts" from the screen to the table, read
`web/routes/experts.py`, `services/experts.py`, `queries/experts.py`, `models/experts.py`, `domain/eligibility.py`.
"""
