"""The one door to the internet: which addresses may be called, and the calls themselves."""
