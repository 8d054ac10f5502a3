"""Texts of reading a case first without the model."""

from core.results.look_first import Choice, Confidence, Decision, Impression

QUESTION = "Look first: what do you see?"
WHY = "The prediction is neither shown nor computed before you have answered."
OTHER = "something else"
UNSURE = "not sure"
CONFIDENCE = "How sure are you?"
CONFIDENCES: dict[Confidence | None, str] = {
    None: "not stated",
    "low": "not very sure",
    "medium": "fairly sure",
    "high": "very sure",
}
SHOW_PREDICTION = "Show the prediction"
CHOICES: dict[Choice, str] = {
    "accept": "Agree",
    "reject": "Keep my impression",
    "amend": "Other answer",
}
CHOICE_TIPS: dict[Choice, str] = {
    "accept": "You agree with the prediction.",
    "amend": "Neither your impression nor the prediction: choose another answer.",
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
        "accept": f"You agreed with the prediction: {answer}.",
        "amend": f"You gave another answer: {answer}.",
        "reject": f"You kept your impression: {answer}.",
    }
    return words[decision.choice]
