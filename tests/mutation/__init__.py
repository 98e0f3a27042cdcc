"""Generated layers -> mutants -> the share that their generated tests kill."""
