"""How the API describes route suggestions."""
