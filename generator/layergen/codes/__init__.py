"""The closed list of diagnostic codes, by the stage that finds them.

LG0xx reading text, LG1xx the structure of a spec, LG2xx names and roles,
LG3xx the language, LG4xx shapes and numbers, LG5xx files and settings.
"""
