"""What Keras' preprocess_input makes of a few pixels: scalings.json.

`pixels` are bytes, red, green and blue; `scaled` holds what each mode gives for them.
Run with Keras 3: python3 make-scalings.py > scalings.json
"""
import json
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras.src.applications import imagenet_utils

PIXELS = [[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255], [12, 100, 201]]
image = np.array([PIXELS], dtype="float32")
scaled = {
    mode: imagenet_utils.preprocess_input(image.copy(), mode=mode)[0].tolist()
    for mode in ("caffe", "tf", "torch")
}
print(json.dumps(dict(keras=keras.__version__, pixels=PIXELS, scaled=scaled)))
