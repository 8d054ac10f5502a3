"""Modified backward passes: relevance propagation, guided gradients, differences to a baseline."""
