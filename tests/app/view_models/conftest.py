"""View models need Qt's loop but no screen."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
