"""Texts of exports."""

from core.exports.contract import IdentityUse
from core.number_text import counted

IDENTITY: dict[IdentityUse, str] = {
    "none": "The files hold no identity of the patient.",
    "by choice": "The files hold the patient's identity only if you choose so.",
    "of the source": "The files hold the patient's identity as it stands in the source.",
}


def exported(count: int, failed: int, left_out: int) -> str:
    """How a batch went."""
    words = [f"{counted(count, 'export')} written"]
    if failed:
        words.append(f"{failed:,} failed")
    if left_out:
        words.append(f"{left_out:,} do not apply")
    return f"{', '.join(words)}."
