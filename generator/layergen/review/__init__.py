"""Two Layers -> Changes: what a change of a spec breaks, and for whom.

    match members -> try the old layer's instances on the new one -> rules

A rule is a row: the fields that it reads, and a function from both layers to changes.
"""
