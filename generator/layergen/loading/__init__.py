"""Source -> Document: text read as plain data, its form checked, all with places."""
