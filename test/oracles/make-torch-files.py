"""Files of PyTorch as base64, with the tensors in them: torch-files.json.

Run with PyTorch 2.13: python3 make-torch-files.py > torch-files.json
"""
import argparse
import base64
import io
import json

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2))
        self.register_buffer("passing", torch.ones(1), persistent=False)
        self.scale = nn.Parameter(torch.tensor(0.5))


net = Net()
with torch.no_grad():
    for at, value in enumerate(net.state_dict().values()):
        if value.is_floating_point():
            value.copy_(torch.arange(value.numel()).reshape(value.shape) * 0.25 - at)
state = net.state_dict()
grid = torch.arange(12.0).reshape(3, 4)
views = {
    "turned": grid.t()[1:],
    "half": torch.tensor([0.1, -2.0, 6e-8]).half(),
    "bfloat": torch.tensor([0.1, -2.0]).bfloat16(),
    "double": torch.tensor([0.1, 1e-300], dtype=torch.float64),
    "part": grid.flatten()[3:5],
    "parameter": nn.Parameter(torch.tensor([7.0])),
    "empty": torch.empty(0, 3),
}
checkpoint = {
    "epoch": 3,
    "best": float("inf"),
    "args": argparse.Namespace(lr=0.1, name="run"),
    "optimizer": torch.optim.Adam(net.parameters()).state_dict(),
    "state_dict": state,
    "ema": state,
}
with_list = net.state_dict()
with_list["mask_values"] = [0, 1]
cases = [
    ("a state_dict", state, state, {}),
    ("a state_dict before 1.6", state, state, {"_use_new_zipfile_serialization": False}),
    ("a state_dict, protocol 5", state, state, {"pickle_protocol": 5}),
    ("a state_dict with a list in it", with_list, state, {}),
    ("a whole module", net, state, {}),
    ("a whole module before 1.6", net, state, {"_use_new_zipfile_serialization": False}),
    ("a checkpoint", checkpoint, state, {}),
    ("views and other types", views, views, {}),
    ("views before 1.6", views, views, {"_use_new_zipfile_serialization": False}),
]
found = []
for name, content, tensors, options in cases:
    file = io.BytesIO()
    torch.save(content, file, **options)
    listed = {
        key: {"shape": list(value.shape), "values": value.double().flatten().tolist()}
        for key, value in tensors.items()
        if isinstance(value, torch.Tensor) and value.is_floating_point()
    }
    found.append({"name": name, "file": base64.b64encode(file.getvalue()).decode(), "tensors": listed})
print(json.dumps(found))
