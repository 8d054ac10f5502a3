"""Texts of reading a case first without the model."""

from core.results.look_first import Choice, Confidence, Decision, Impression

QUESTION = "Look first: what do you see?"
WHY = "The prediction is neither shown nor computed before you have answered."
OTHER = "something else"
UNSURE = "unsure"
CONFIDENCE = "How sure are you"
CONFIDENCES: dict[Confidence | None, str] = {
    None: "not stated",
    "low": "not very sure",
    "medium": "fairly sure",
    "high": "very sure",
}
SHOW_PREDICTION = "Show the prediction"
CHOICES: dict[Choice, str] = {"accept": "Accept", "reject": "Reject", "amend": "Amend"}
CHOICE_TIPS: dict[Choice, str] = {
    "accept": "You agree with the prediction.",
    "amend": "Neither your impression nor the prediction: name another answer.",
    "reject": "You stay with your impression.",
}
NOTE = "Note (optional)"


def impression_words(impression: Impression, answer: str) -> str:
    """The impression in a sentence; answer: in words."""
    sure = f" ({CONFIDENCES[impression.confidence]})" if impression.confidence is not None else ""
    return f"Your impression: {answer}{sure}."


def decision_words(decision: Decision, answer: str) -> str:
    """The decision in a sentence; answer: in words."""
    words = {
        "accept": f"You accepted the prediction: {answer}.",
        "amend": f"You amended it to {answer}.",
        "reject": f"You rejected the prediction and stay with {answer}.",
    }
    return words[decision.choice]
