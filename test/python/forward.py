"""Runs emitted PyTorch files on given weights and images.

Takes a folder that holds `cases.json`: for each case a module's file, its class, its
weights and its images, numbers as float32 in `<case>.bin`. Writes what `forward` and
`predict` give into `<case>.out.bin`, then running statistics after one step of training on
the last images where the case names some, and prints the names of each state dict and the
shapes of all outputs, or what was raised.
"""

import importlib.util
import json
import sys
from array import array
from pathlib import Path

import torch


def run(folder, case):
    spec = importlib.util.spec_from_file_location(case["id"], folder / case["file"])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = getattr(module, case["class"])()
    data = torch.frombuffer(bytearray((folder / f"{case['id']}.bin").read_bytes()), dtype=torch.float32)
    at = 0

    def take(shape):
        nonlocal at
        size = int(torch.tensor(shape).prod())
        values = data[at : at + size].reshape(shape).clone()
        at += size
        return values

    weights = {each["name"]: take(each["shape"]) for each in case["weights"]}
    own = network.state_dict()
    names = {
        name: list(value.shape)
        for name, value in own.items()
        if not name.endswith("num_batches_tracked")
    }
    if {each["name"]: each["shape"] for each in case["weights"]} != names:
        return {"names": names}
    network.load_state_dict(weights, strict=False)
    network.double()
    network.eval()
    frozen = [name for name, each in network.named_parameters() if not each.requires_grad]
    shapes, values = [], []
    for shape in case["images"]:
        image = take(shape)
        with torch.no_grad():
            image = image.double()
            found = network(image)
        predicted = network.predict(image)
        for result in (found, predicted):
            each = [result] if isinstance(result, torch.Tensor) else list(result)
            shapes.append([list(tensor.shape) for tensor in each])
            values += [tensor.contiguous().flatten() for tensor in each]
    if case["statistics"]:
        network.train()
        network(image.double())
        state = network.state_dict()
        shapes.append([list(state[name].shape) for name in case["statistics"]])
        values += [state[name].flatten() for name in case["statistics"]]
    numbers = array("f", torch.cat(values).float().tolist())
    (folder / f"{case['id']}.out.bin").write_bytes(numbers.tobytes())
    return {"names": names, "frozen": frozen, "shapes": shapes}


def main():
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    answers = {}
    for case in json.loads((folder / "cases.json").read_text()):
        try:
            answers[case["id"]] = run(folder, case)
        except Exception as error:  # noqa: BLE001
            answers[case["id"]] = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answers))


main()
