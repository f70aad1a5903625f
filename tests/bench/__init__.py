"""Figures of the whole product, taken with `make bench`: real servers, real processes, medians and ratios."""
