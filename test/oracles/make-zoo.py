"""The networks of specs/zoo as numbers: zoo.json.

Each network is written anew in PyTorch from its paper and, where a spec names one, from the
behaviour of the public code. Of each stand here the trained parameters at the published widths,
and at small widths what it makes of an image in float64. Every weight follows from its shape
alone, by formulas.py, so no name and no order of weights is compared.
Run: python3 make-zoo.py > zoo.json
"""
import json

import numpy as np
import torch

import formulas
import zoo_bottlenecks
import zoo_branches
import zoo_pyramids
import zoo_skips
import zoo_unets

SAMPLES = 16


def trained(module):
    return sum(p.numel() for p in module.parameters() if p.requires_grad)


def run(module, channels, size):
    counts = channels if isinstance(channels, tuple) else (channels,)
    images = [torch.from_numpy(formulas.image([1, count, *size])) for count in counts]
    with torch.no_grad():
        outputs = module(*images)
    return dict(
        size=size,
        outputs={
            name: dict(
                shape=list(x.shape),
                largest=float(x.abs().max()),
                samples=formulas.samples(x.numpy(), SAMPLES),
            )
            for name, x in outputs.items()
        },
    )


def describe(name, make, small, sizes, channels=3, gain=1):
    """`small` are parameters of the spec and of the module alike; `gain` scales kernels; of several
    inputs `channels` has each."""
    parameters = trained(make())
    module = formulas.fill(make(**small).double().eval(), gain)
    runs = [run(module, channels, size) for size in sizes]
    return dict(name=name, small=small, gain=gain, parameters=parameters, runs=runs)


bottlenecks, branches = zoo_bottlenecks, zoo_branches
pyramids, skips, unets = zoo_pyramids, zoo_skips, zoo_unets
networks = [
    describe("linknet", pyramids.LinkNet, dict(base=8, classes=4), [[64, 96]]),
    describe("fpn", pyramids.FPN, dict(base=8, pyramid=16, width=32), [[64, 96]]),
    describe("pspnet", pyramids.PSPNet, dict(base=8, width=16), [[64, 104]]),
    describe("deeplabv3", pyramids.DeepLabV3, dict(base=4, width=8, classes=3), [[64, 104]]),
    describe("deeplabv3-plus", pyramids.DeepLabV3Plus, dict(base=8, width=16, details=4), [[64, 96]]),
    describe("upernet", pyramids.UPerNet, dict(base=8, width=16), [[64, 96]], gain=0.7),
    describe("attention-unet-encoders", skips.AttentionResNet, dict(base=8), [[64, 96]], gain=0.7),
    describe("unet-plus-plus-encoders", skips.UNetPlusPlusResNet50, dict(base=4), [[64, 96]], gain=0.7),
    describe("fc-densenet", skips.FCDenseNet, dict(growth=2, stem=6), [[64, 96]], gain=0.7),
    describe("convnext-unet", skips.ConvNeXtUNet, dict(base=8, third=2), [[64, 96]], gain=0.7),
    describe("multires-unet", bottlenecks.MultiResUNet, dict(base=4), [[32, 48]], gain=0.7),
    describe("enet", bottlenecks.ENet, dict(base=8, classes=3), [[64, 40]], gain=0.7),
    describe("scse-unet", unets.ScseUNet, dict(base=8), [[64, 96]]),
    describe("nnunet", unets.NnUNet, dict(base=4), [[256, 128]], channels=1),
    describe("nnunet-residual", unets.ResidualNnUNet, dict(base=4), [[256, 128]], channels=1),
    describe("erfnet", unets.ERFNet, dict(base=4, classes=3), [[64, 40]]),
    describe("resunet-plus-plus", unets.ResUNetPlusPlus, dict(base=8), [[32, 48]], gain=0.5),
    describe("r2unet", unets.R2UNet, dict(base=4), [[32, 48]], gain=0.5),
    describe("v-net", unets.VNet, dict(base=4), [[32, 48]], channels=1, gain=0.5),
    describe("stardist", unets.StarDist, dict(base=4, rays=8), [[32, 40]], channels=1),
    describe("cellpose", unets.Cellpose, dict(base=4), [[32, 40]], channels=2),
    describe("fusenet", branches.FuseNet, dict(base=4, classes=3), [[64, 32]], (3, 1), gain=0.7),
    describe("u2net", branches.U2Net, dict(base=2), [[64, 40], [39, 33]], gain=0.7),
    describe("hover-net", branches.HoVerNet, dict(base=8, types=3), [[198, 206]], gain=0.7),
]
# A network on each line.
lines = ",\n".join(json.dumps(network) for network in networks)
print(f'{{"torch": {json.dumps(torch.__version__)}, "networks": [\n{lines}\n]}}')
