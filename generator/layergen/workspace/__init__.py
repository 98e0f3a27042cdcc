"""Files of a project: settings, specs, the lock, the cache, what is written."""
