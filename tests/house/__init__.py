"""The project's own lint rules: one file a rule, each with a function `violations(root, packages)`."""
