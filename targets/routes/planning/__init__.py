"""The route engine: a pure problem, a pure plan, and what lies between. Knows neither Django nor Celery.

All times are whole seconds counted from one base instant of the caller's choice, distances whole meters. Ids
of stops and people are the caller's.
"""
