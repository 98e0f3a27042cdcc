"""The language of expressions and forward passes: text -> ast -> typed tree."""
