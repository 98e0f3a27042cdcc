"""Layers written by hand, as short as one would, that do what those of the zoo do.

They check no argument, work in single precision, and save what Keras saves by itself.
"""
