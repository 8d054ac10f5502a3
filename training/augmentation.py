"""Random changes of a training image that leave its class alone."""

import numpy as np
from pydantic import Field
from scipy.ndimage import affine_transform, gaussian_filter

from core.arrays import Array
from core.values import FrozenRecord


class Augmentation(FrozenRecord):
    """How far an image in [0, 1] may be changed; every draw comes from the generator passed in."""

    flip: bool = True
    rotation_degrees: float = Field(20.0, ge=0)
    shift: float = Field(0.08, ge=0, description="share of the side")
    zoom: float = Field(0.15, ge=0, lt=1)
    brightness: float = Field(0.08, ge=0)
    contrast: float = Field(0.2, ge=0, lt=1)
    gamma: float = Field(0.25, ge=0, description="largest |log| of the exponent")
    noise: float = Field(0.03, ge=0, description="largest standard deviation")
    blur_pixels: float = Field(0.8, ge=0, description="largest sigma at 225 pixels")

    def apply(self, image: Array, mask: Array, generator: np.random.Generator) -> tuple[Array, Array]:
        """A changed copy of `image` (rows, columns, channels) and of `mask` (rows, columns), moved alike."""
        matrix, offset = self._placement(image.shape[:2], generator)
        moved = np.stack(
            [
                affine_transform(image[..., channel], matrix, offset, order=1, mode="nearest")
                for channel in range(image.shape[2])
            ],
            axis=-1,
        )
        moved_mask = affine_transform(mask, matrix, offset, order=1, mode="constant") if mask.any() else mask
        return self._toned(moved, generator), moved_mask

    def _placement(self, size: tuple[int, int], generator: np.random.Generator) -> tuple[Array, Array]:
        angle = np.deg2rad(generator.uniform(-self.rotation_degrees, self.rotation_degrees))
        scale = np.exp(generator.uniform(-1, 1) * np.log1p(self.zoom))
        mirror = -1.0 if self.flip and generator.random() < 0.5 else 1.0
        cosine, sine = np.cos(angle) / scale, np.sin(angle) / scale
        matrix = np.array([[cosine, -sine], [sine, cosine]]) @ np.diag([1.0, mirror])
        centre = (np.array(size) - 1) / 2
        shift = generator.uniform(-self.shift, self.shift, 2) * size
        return matrix, centre - matrix @ (centre + shift)

    def _toned(self, image: Array, generator: np.random.Generator) -> Array:
        sigma = generator.uniform(0, self.blur_pixels) * image.shape[0] / 225
        if sigma > 0.2:
            image = gaussian_filter(image, (sigma, sigma, 0))
        image = np.clip(image, 0, 1) ** np.exp(generator.uniform(-self.gamma, self.gamma))
        contrast = 1 + generator.uniform(-self.contrast, self.contrast)
        image = (image - image.mean()) * contrast + image.mean()
        image = image + generator.uniform(-self.brightness, self.brightness)
        image = image + generator.normal(0, generator.uniform(0, self.noise) + 1e-9, image.shape)
        return np.clip(image, 0, 1)
