"""How a layer hands on what arrives at its output, one file a rule."""
