"""Kinds of parameter, and the situations in which each must be right."""
