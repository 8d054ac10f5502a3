"""Methods of the family perturbation: scores of changed images."""
