"""Reads folders as emitted data.py files do: `python data.py FOLDER`, which holds
cases.json; each case becomes a file of numbers and what they are.
"""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(folder: Path, case: dict[str, Any]) -> dict[str, Any]:
    module = load(folder / case["file"])
    try:
        training, validation = module.find_items(Path(case["data"]))
        images = module.Images(training, case["seed"], augment=True)
        whole = module.Images(validation, case["seed"], augment=False)
        orders = []
        for rank in range(case["world"]):
            order = module.Order(
                training, case["batch"], case["seed"], rank, case["world"]
            )
            order.set_epoch(case["epoch"], case["start"])
            orders.append(list(order))
        samples = []
        with (folder / f"{case['id']}.bin").open("wb") as file:
            batches = [sum(parts, []) for parts in zip(*orders, strict=True)]
            keys = [(images, key) for batch in batches for key in batch]
            keys += [(whole, (0, index)) for index in range(len(validation))]
            for images_of, key in keys:
                parts = images_of[key]
                for part in parts:
                    file.write(part.numpy().astype("<f4").tobytes())
                samples.append(
                    {
                        "name": images_of.items[key[1]].name,
                        "shapes": [list(part.shape) for part in parts],
                        "types": [str(part.dtype) for part in parts],
                    }
                )
    except module.DataError as error:
        return {"error": str(error)}
    return {
        "sizes": [len(batch) for batch in batches],
        "trained": sum(len(batch) for batch in batches),
        "samples": samples,
    }


def main() -> None:
    folder = Path(sys.argv[1])
    cases = json.loads((folder / "cases.json").read_text())
    print(json.dumps({case["id"]: run(folder, case) for case in cases}))


main()
