"""Accuracy and softmax information curves (AIC, SIC): protocols, measurement, scores and verdicts."""
