"""Why targets are left out of routes, as codes."""

REASONS = {
    "missing_coordinates": "neither its location nor its address has coordinates (0, 0 counts as none)",
    "wrong_date": "its route date, or its time window, is another day",
    "not_open": "it is planned, under way, done or cancelled",
    "no_employee_available": "nobody works that day",
    "missing_skill": "nobody who works that day has the skills that its template asks for",
    "work_longer_than_shift": "the work is longer than anybody's day",
    "time_window_too_short": "its time window is shorter than the work",
    "time_window_outside_shift": "nobody works during its time window",
    "time_window_unreachable": "nobody can be there and do the work within its time window",
    "too_far": "nobody can go there, work and come back within a day",
    "pinned_to_another": "a manager keeps it with an employee who cannot do it",
    "not_planned": "it would fit; planning was ended early",
    "capacity_full": "it would fit alone, but finds no place on the routes as they are",
    "left_out_by_hand": "a manager left it out",
    "changed_since_draft": "it was changed after it was planned and before the route was published",
}
