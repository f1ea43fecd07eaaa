"""Runs emitted Keras files on given weights and images.

Takes a folder that holds `cases.json`: for each case a module's file, the function that
builds its model, its weights by layer and role, and its images, numbers as float32 in
`<case>.bin`. Writes what the model gives into `<case>.out.bin`, then running statistics
after one step of training on the last images where the case names some; prints the names
and shapes of all weights, of those that are frozen, of layers in their order, and of outputs, or what was raised.
`KERAS_BACKEND` says by what it runs.
"""

import importlib.util
import json
import sys
import tempfile
from pathlib import Path

import keras
import numpy


# What is off is then ours.
keras.config.set_floatx("float64")


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def arrays(result, names):
    """The outputs in the order of their names: Keras sorts them in its own."""
    return [result[name] for name in names] if len(names) > 1 else [result]


def reloaded(model):
    """The model as a program finds it in a file that Keras wrote."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.keras")
        model.save(path)
        return keras.saving.load_model(path)


def moved(values, random):
    """Other numbers, of 64 bits, that 32 bits round to the same ones."""
    share = 2 * random.random(values.shape) - 1
    return values.astype("float64") * (1 + 2**-24 * share)


def noise(model, images, names, found):
    """How far rounding of weights and images carries each output, relative to its largest."""
    random = numpy.random.default_rng(1)
    for weight in model.weights:
        if "seed_generator" not in weight.path:
            weight.assign(moved(keras.ops.convert_to_numpy(weight), random))
    result = []
    for image, before in zip(images, found):
        after = arrays(model.predict_on_batch(moved(image, random)), names)
        pairs = zip(before, after)
        result.append([float(abs(b - a).max() / max(abs(b).max(), 1e-6)) for b, a in pairs])
    return result


def run(folder, case):
    module = load(folder / case["file"], case["id"])
    model = getattr(module, case["build"])()
    data = numpy.fromfile(folder / f"{case['id']}.bin", dtype="float32")
    at = 0

    def take(shape):
        nonlocal at
        size = int(numpy.prod(shape))
        values = data[at : at + size].reshape(shape)
        at += size
        return values

    own = {f"{layer.name}/{weight.name}": weight for layer in model.layers for weight in layer.weights}
    own = {name: weight for name, weight in own.items() if "seed_generator" not in name}
    shapes_of = {name: list(weight.shape) for name, weight in own.items()}
    if {each["name"]: each["shape"] for each in case["weights"]} != shapes_of:
        return {"names": shapes_of}
    for each in case["weights"]:
        own[each["name"]].assign(take(each["shape"]))
    frozen = [
        f"{layer.name}/{weight.name}"
        for layer in model.layers
        if not layer.trainable
        for weight in layer.weights
    ]
    if case["isSaved"]:
        model = reloaded(model)
    names = case["outputs"]
    images = [take(shape) for shape in case["images"]]
    results = [arrays(model.predict_on_batch(image), names) for image in images]
    shapes = [[list(tensor.shape) for tensor in found] for found in results]
    values = [tensor for found in results for tensor in found]
    if case["statistics"]:
        model(images[-1], training=True)
        own = {f"{layer.name}/{each.name}": each for layer in model.layers for each in layer.weights}
        found = [keras.ops.convert_to_numpy(own[name]) for name in case["statistics"]]
        shapes.append([list(tensor.shape) for tensor in found])
        values += found
    numbers = numpy.concatenate([each.ravel() for each in values]).astype("float32")
    numbers.tofile(folder / f"{case['id']}.out.bin")
    far = noise(model, images, names, results)
    layers = [layer.name for layer in model.layers]
    return {"names": shapes_of, "layers": layers, "frozen": frozen, "shapes": shapes, "noise": far}


def main():
    folder = Path(sys.argv[1])
    answers = {}
    for case in json.loads((folder / "cases.json").read_text()):
        try:
            answers[case["id"]] = run(folder, case)
        except Exception as problem:  # noqa: BLE001
            answers[case["id"]] = {"error": f"{type(problem).__name__}: {problem}"}
    print(json.dumps(answers))


main()
