# What targets source to get a Python of their own; plonerun needs none.
