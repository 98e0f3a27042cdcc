"""Layer + trials -> the cases and the context of a generated test file."""
