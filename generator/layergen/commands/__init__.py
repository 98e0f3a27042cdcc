"""What each command does: plain functions that return the exit code."""
