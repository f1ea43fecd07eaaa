"""Loads weights that unetc wrote into an emitted module, strictly, and saves them anew.

Takes a folder with `net.py`, `net.safetensors` and `net.pt`, and the class. Both files must
hold the same bits. Writes `saved.pt`, `saved-legacy.pt` and `saved-module.pt`. Prints what is
different, or nothing.
"""

import importlib.util
import json
import sys
from pathlib import Path

import torch

folder, class_name = Path(sys.argv[1]), sys.argv[2]
spec = importlib.util.spec_from_file_location("net", folder / "net.py")
module = importlib.util.module_from_spec(spec)
sys.modules["net"] = module
spec.loader.exec_module(module)


def read_safetensors(path):
    """As the format says: github.com/huggingface/safetensors."""
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__")
    values = bytearray(data[8 + length :])
    return {
        name: torch.frombuffer(values[begin:end], dtype=torch.float32).reshape(entry["shape"])
        for name, entry in header.items()
        for begin, end in [entry["data_offsets"]]
    }


try:
    from safetensors.torch import load_file
except ImportError:
    load_file = read_safetensors

found = {
    "safetensors": load_file(folder / "net.safetensors"),
    "by hand": read_safetensors(folder / "net.safetensors"),
    "pytorch": torch.load(folder / "net.pt", weights_only=True),
    "mapped": torch.load(folder / "net.pt", weights_only=True, mmap=True),
}
network = getattr(module, class_name)()
for name, state in found.items():
    network.load_state_dict(state)
    own = network.state_dict()
    for key, value in found["by hand"].items():
        if not torch.equal(own[key].view(torch.int32), value.view(torch.int32)):
            print(f"{name}: {key} differs")
torch.save(network.state_dict(), folder / "saved.pt")
torch.save(network.state_dict(), folder / "saved-legacy.pt", _use_new_zipfile_serialization=False)
torch.save(network, folder / "saved-module.pt")
