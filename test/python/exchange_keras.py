"""Loads weights that unetc wrote into emitted models of Keras, by name, and saves them anew.

Takes a folder that holds `cases.json`: for each case the name of its files and the function
that builds its model, and perhaps the shape of images, numbers as float32 in `<name>.bin`.
Loads `<name>.h5`, writes what the model gives into `<name>.out.bin`, its outputs in the order
of `outputs`, and saves `<name>-saved.keras` and `<name>-saved.weights.h5`; loads
`<name>.weights.h5` into another one and saves `<name>-numbered.keras`.
"""

import importlib.util
import json
import sys
from pathlib import Path

import numpy

folder = Path(sys.argv[1])
for case in json.loads((folder / "cases.json").read_text()):
    name = case["name"]
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = getattr(module, case["build"])()
    model.load_weights(folder / f"{name}.h5", by_name=True)
    if "shape" in case:
        image = numpy.fromfile(folder / f"{name}.bin", "float32").reshape(case["shape"])
        found = model.predict_on_batch(image)
        outputs = case["outputs"]
        each = [found[key] for key in outputs] if len(outputs) > 1 else [found]
        numpy.concatenate([one.ravel() for one in each]).tofile(folder / f"{name}.out.bin")
    model.save(folder / f"{name}-saved.keras")
    model.save_weights(folder / f"{name}-saved.weights.h5")
    another = getattr(module, case["build"])()
    another.load_weights(folder / f"{name}.weights.h5")
    another.save(folder / f"{name}-numbered.keras")
