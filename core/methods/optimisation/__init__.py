"""Methods of the family optimisation: masks found by gradient descent."""
