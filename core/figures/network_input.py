"""The network's input as a picture: exactly the values it got, in 8 bits."""

from io import BytesIO

from core.arrays import FloatArray
from core.curves.eight_bit import EightBit


def input_png(x: FloatArray) -> tuple[bytes, EightBit]:
    """PNG of an input (height, width, channels), grey or colour, and the mapping to its 8-bit values."""
    from PIL import Image

    mapping = EightBit.of(x)
    values = mapping.to_bytes(x)
    picture = Image.fromarray(values[..., 0] if values.shape[2] == 1 else values)
    buffer = BytesIO()
    picture.save(buffer, format="PNG")
    return buffer.getvalue(), mapping
