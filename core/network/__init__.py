"""What a network is, seen from methods and checks: calls, targets, parameters, runs and attribution maps."""
