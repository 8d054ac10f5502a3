"""The architectures a card can name, one file each."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.models.architectures.densenet121 import densenet121
from core.models.architectures.efficientnetb0 import efficientnetb0
from core.models.architectures.inceptionresnetv2 import inceptionresnetv2
from core.models.architectures.inceptionv3 import inceptionv3
from core.models.architectures.resnet50 import resnet50
from core.models.architectures.resnet50v2 import resnet50v2
from core.models.architectures.vgg16 import vgg16
from core.models.architectures.vgg19 import vgg19
from core.models.architectures.xception import xception

if TYPE_CHECKING:
    import keras

Shape = tuple[int, int, int]
Builder = Callable[[Shape, int], "keras.Model"]

ARCHITECTURES: dict[str, Builder] = {
    "vgg16": vgg16,
    "vgg19": vgg19,
    "resnet50": resnet50,
    "resnet50v2": resnet50v2,
    "densenet121": densenet121,
    "xception": xception,
    "inceptionv3": inceptionv3,
    "inceptionresnetv2": inceptionresnetv2,
    "efficientnetb0": efficientnetb0,
}
