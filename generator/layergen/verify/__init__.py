"""Old files and new code: what Keras really does with saved models after a change.

`plan` says which instances of which layers are tried; `save` runs in a process that has
the old code, `load` in one that has the new; `outcome` says what their facts mean. Only
`save`, `load` and `model`, which run in processes of their own, import Keras.
"""
