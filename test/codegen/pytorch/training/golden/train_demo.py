# Made by unetc from small.unet; edits are lost.
"""Trains Cells.

Loss: bce + dice. Optimizer: adam, schedule: cosine.

    python train.py --data DATA --out RUN
    torchrun --nproc-per-node 2 train.py --data DATA --out RUN

DATA holds images and masks, as data.py reads them; RUN is a new folder. A signal to
stop ends the step under way and saves; the same command with --resume goes on from
there.
"""

import argparse
import contextlib
import json
import math
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypedDict, cast

import torch
import torch.distributed as dist
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader

from data import IGNORED, DataError, Images, Order, find_items
from small import BatchNorm, Cells

EPOCHS, BATCH, SEED = 15, 4, 0
LEARNING_RATE = 0.005
COUNTS = "num_batches_tracked"
stops: list[int] = []
"""Signals to stop that have come."""


class Metric(TypedDict):
    mean: float | None
    classes: list[float | None]


def loss_of(logits: Tensor, mask: Tensor) -> Tensor:
    """bce + dice of a batch, which all processes share."""
    logits = logits.float()  # sums of many pixels, whatever autocast chose
    counts = (mask != IGNORED).unsqueeze(1).float()
    truth = (mask > 0).unsqueeze(1) * counts
    bce = F.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    p = logits.sigmoid() * counts
    overlap, predicted, actual = sums_of_classes(p, truth).unbind()
    dice = 1 - (2 * overlap + 1) / (predicted + actual + 1)
    return mean_of_pixels(bce, counts) + dice.mean()


def mean_of_pixels(losses: Tensor, counts: Tensor) -> Tensor:
    """The mean over the pixels that count, and over channels that are independent."""
    sums = torch.stack([(losses * counts).sum(), counts.sum() * losses.shape[1]])
    total, number = of_all_processes(sums).unbind()
    return total / number.clamp(min=1)


def sums_of_classes(p: Tensor, truth: Tensor) -> Tensor:
    """Sums of p t, of p and of t over all images, by class: [3, C]."""
    sums = [each.sum((0, 2, 3)) for each in (p * truth, p, truth)]
    return of_all_processes(torch.stack(sums))


class Sum(torch.autograd.Function):
    """The sum of a tensor over all processes; gradients add up in the same way."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        total = x.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        total = gradient.clone()
        dist.all_reduce(total)
        return total


def of_all_processes(sums: Tensor) -> Tensor:
    """While training, sums of this process to those of all: a loss is that of the whole
    batch, however many share it. Validation looks at each image by itself.
    """
    if not (dist.is_initialized() and torch.is_grad_enabled()):
        return sums
    total: Tensor = Sum.apply(sums)  # type: ignore[no-untyped-call]
    return total


def share_batch_norms() -> None:
    """Lets batch norms normalise over the images of all processes, as one process does.

    nn.SyncBatchNorm does so on CUDA alone; sums over processes are all that is
    needed.
    """
    BatchNorm.forward = normalize  # type: ignore[method-assign]


def normalize(self: nn.BatchNorm2d, input: Tensor) -> Tensor:
    """What a norm gives for the images of all processes together."""
    mean, variance = self.running_mean, self.running_var
    assert mean is not None and variance is not None and self.momentum is not None
    learnt = (self.weight, self.bias)
    if not self.training:
        return F.batch_norm(input, mean, variance, *learnt, eps=self.eps)
    values = input.float()
    n = values.numel() / values.shape[1]
    own_variance, own_mean = torch.var_mean(values, (0, 2, 3), correction=0)
    sums = of_all_processes(torch.cat([n * own_mean, own_mean.new_tensor([n])]))
    number = sums[-1]
    mean_of_all = sums[:-1] / number
    spread = n * (own_variance + (own_mean - mean_of_all).square())
    spread_of_all = of_all_processes(spread) / number
    scale = self.weight * torch.rsqrt(spread_of_all + self.eps)
    with torch.no_grad():
        mean.lerp_(mean_of_all, self.momentum)
        variance.lerp_(spread_of_all, self.momentum)
    centred = values - mean_of_all.view(-1, 1, 1)
    result = centred * scale.view(-1, 1, 1) + self.bias.view(-1, 1, 1)
    return result.to(input.dtype)


def make_optimizer(network: nn.Module) -> torch.optim.Adam:
    parameters = [each for each in network.parameters() if each.requires_grad]
    return torch.optim.Adam(parameters, lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-7)


def rate_of(step: int, batches: int, epochs: int) -> float:
    """The learning rate of a step, counted from 0; an epoch has `batches` of them."""
    warm = min(epochs, 1) * batches
    if step < warm:
        return LEARNING_RATE * min(1, (step + 1) / warm)
    done = min(1, (step - warm) / max(1, epochs * batches - warm))
    return LEARNING_RATE * (1 + math.cos(math.pi * done)) / 2


def predict(network: Cells, image: Tensor, mask: Tensor) -> Tensor:
    """Probabilities of a whole image."""
    p: Tensor = network.predict(image)
    return p


def measure(p: Tensor, mask: Tensor) -> Tensor:
    """What one image adds to the sums that metrics are made of: [3, classes]."""
    return counts_of((p[:, 0] > 0.5).long(), mask)


def metrics_of(counts: Tensor) -> dict[str, Metric]:
    """The metrics of a set of images, by name."""
    tp, fp, fn = counts
    metrics = {
        "dice": metric_of(2 * tp, 2 * tp + fp + fn),
        "iou": metric_of(tp, tp + fp + fn),
    }
    if not (tp + fn)[1:].any():  # nothing was to be found
        for name in ("dice", "iou"):
            metrics[name]["mean"] = None
    return metrics


def counts_of(predicted: Tensor, mask: Tensor) -> Tensor:
    """True positives, false positives, false negatives by class: [3, classes]."""
    counted = mask != IGNORED
    pairs = 2 * mask[counted] + predicted[counted]
    matrix = torch.bincount(pairs, minlength=4).view(2, 2).double()
    right = matrix.diagonal()
    return torch.stack([right, matrix.sum(0) - right, matrix.sum(1) - right])


def metric_of(over: Tensor, under: Tensor) -> Metric:
    """Values by class, None where there is nothing to measure, and the mean of those
    of the foreground.
    """
    pairs = zip(over.tolist(), under.tolist(), strict=True)
    classes = [a / b if b > 0 else None for a, b in pairs]
    known = [value for value in classes[1:] if value is not None]
    mean = sum(known) / len(known) if known else None
    return {"mean": mean, "classes": classes}


@dataclass
class Progress:
    """How far a run is."""

    epoch: int = 0
    """Whole epochs."""
    batch: int = 0
    """Batches of the epoch under way."""
    step: int = 0
    """Steps in all."""
    sums: list[float] = field(default_factory=lambda: [0.0])
    """Sums of losses of the epoch under way."""


class Run:
    """A run under way: one of the processes that train the network together."""

    def __init__(self, args: argparse.Namespace) -> None:
        # torchrun sets these; a process that is alone is number 0 of 1.
        self.rank = int(os.environ.get("RANK", "0"))
        self.world = int(os.environ.get("WORLD_SIZE", "1"))
        local = int(os.environ.get("LOCAL_RANK", "0"))
        on_gpu = torch.cuda.is_available()
        self.device = torch.device("cuda", local) if on_gpu else torch.device("cpu")
        if on_gpu:
            torch.cuda.set_device(self.device)
        if self.world > 1:
            # Signals are shared on the CPU, where no step has to be waited for.
            dist.init_process_group("cpu:gloo,cuda:nccl" if on_gpu else "gloo")
            share_batch_norms()
        self.out: Path = args.out
        self.epochs, self.batch = args.epochs, args.batch
        self.parts: int = args.accumulate
        self.amp = args.amp == "bf16"
        training, validation = find_items(args.data)
        self.images, self.checked = len(training), len(validation)
        self.settings = {"batch": args.batch, "seed": args.seed, "images": self.images}
        if min(self.batch, self.images) < self.world:
            raise SystemExit(f"{self.world} processes cannot share a batch")

        torch.manual_seed(args.seed)  # the same weights in all processes
        self.model = Cells().to(self.device)
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        if args.weights is not None:
            load_weights(self.model, args.weights)
        self.optimizer = make_optimizer(self.model)
        self.progress = Progress()
        self.best: dict[str, Any] | None = None
        self.open_folder(args.resume)
        self.network: nn.Module = self.model
        if args.compile:
            self.network = cast(nn.Module, torch.compile(self.model))
        if self.world > 1:
            devices = [local] if on_gpu else None
            self.network = DistributedDataParallel(self.network, devices)

        self.order = Order(training, self.batch, args.seed, self.rank, self.world)
        options: dict[str, Any] = {
            "num_workers": args.workers,
            "worker_init_fn": ignore_signals,
            "persistent_workers": args.workers > 0,
            "pin_memory": on_gpu,
        }
        images = Images(training, args.seed, augment=True)
        self.loader = DataLoader(images, batch_sampler=self.order, **options)
        # Each image once: a process takes each `world`-th, and none is there twice.
        own = [(0, index) for index in range(self.rank, self.checked, self.world)]
        checks = Images(validation, args.seed, augment=False)
        self.checks = DataLoader(checks, sampler=own, **options)
        self.pending: list[tuple[dict[str, Any], Tensor]] = []
        self.images_done, self.seconds, self.waited = 0, 0.0, 0.0

    @property
    def state_file(self) -> Path:
        return self.out / "last" / "state.pt"

    def open_folder(self, resume: bool) -> None:
        """Goes on from the last checkpoint, or begins a run."""
        log = self.out / "log.jsonl"
        if not resume:
            if self.state_file.exists() or log.exists():
                raise SystemExit(f"{self.out} holds a run: --resume goes on with it")
        elif self.state_file.exists():
            state = torch.load(self.state_file, self.device, weights_only=True)
            if state["settings"] != self.settings:
                was, now = state["settings"], self.settings
                raise SystemExit(f"{self.out} is a run of {was}, which is now {now}")
            self.model.load_state_dict(state["network"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.progress = Progress(**state["progress"])
            self.best = state["best"]
        if self.world > 1:
            dist.barrier()  # all have looked before one writes
        if self.rank == 0:
            self.out.mkdir(parents=True, exist_ok=True)
            rewind_log(self.out, self.progress.step)

    def save(self, is_best: bool = False) -> None:
        """Writes all that a run goes on from, and before it the best weights."""
        if self.rank != 0:
            return
        weights = self.model.state_dict()
        spoilt = [name for name, each in weights.items() if not each.isfinite().all()]
        if spoilt:
            step = self.progress.step
            raise SystemExit(f"{spoilt[0]} is not finite after step {step}")
        if is_best:
            best = {
                name: each.contiguous()
                for name, each in weights.items()
                if not name.endswith(COUNTS)
            }
            name = "best/model.safetensors"
            # One entry: the order of several differs from process to process.
            facts = {"best": json.dumps(self.best)}
            write_whole(self.out, name, lambda file: file.write(save(best, facts)))
        state = {
            "settings": self.settings,
            "progress": asdict(self.progress),
            "best": self.best,
            "network": weights,
            "optimizer": self.optimizer.state_dict(),
        }
        write_whole(self.out, "last/state.pt", lambda file: torch.save(state, file))

    def train_epoch(self) -> None:
        """Makes the steps of the epoch that are left; after a signal one at most."""
        progress = self.progress
        self.order.set_epoch(progress.epoch, progress.batch)
        self.network.train()
        batches = iter(self.loader)
        before = time.perf_counter()
        while progress.batch < len(self.order):
            batch = next(batches)
            self.waited += time.perf_counter() - before
            images = min(self.batch, self.images - progress.batch * self.batch)
            rate = rate_of(progress.step, len(self.order), self.epochs)
            losses = self.step(batch, images, rate)
            progress.batch += 1
            progress.step += 1
            now = time.perf_counter()
            self.images_done += images
            self.seconds += now - before
            entry = {
                "kind": "step",
                "epoch": progress.epoch + 1,
                "step": progress.step,
                "loss": None,
                "learningRate": rate,
                "images": images,
                "seconds": round(now - before, 3),
            }
            before = now
            self.pending.append((entry, losses))
            if len(self.pending) == 10:
                self.log_steps()
            if is_stopped():
                break
        self.log_steps()

    def step(self, batch: list[Tensor], images: int, rate: float) -> Tensor:
        """A step on this process's share of some images; the loss is that of all."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        image, mask = self.move(batch)
        # As many parts in all processes, none of them empty.
        count = min(self.parts, images // self.world)
        split = [each.tensor_split(count) for each in (image, mask)]
        losses = torch.zeros(1, device=self.device)
        for number, (image, mask) in enumerate(zip(*split, strict=True), 1):
            share = len(image) / len(batch[0])
            with contextlib.ExitStack() as stack:
                if number < count and isinstance(self.network, DistributedDataParallel):
                    stack.enter_context(self.network.no_sync())
                image = image.contiguous(memory_format=torch.channels_last)
                with torch.autocast(self.device.type, torch.bfloat16, enabled=self.amp):
                    output = self.network(image)
                loss = loss_of(output, mask) * share
                torch.autograd.backward(loss)
                losses += loss.detach()
        self.optimizer.step()
        self.optimizer.zero_grad()
        return losses

    def move(self, batch: list[Tensor]) -> list[Tensor]:
        return [each.to(self.device, non_blocking=True) for each in batch]

    def log_steps(self) -> None:
        """Waits for the losses of the last steps, adds them up and logs them."""
        if not self.pending:
            return
        rows = torch.stack([losses for _, losses in self.pending]).tolist()
        for (entry, _), row in zip(self.pending, rows, strict=True):
            if not math.isfinite(row[0]):
                where = f"epoch {entry['epoch']}, step {entry['step']}"
                raise SystemExit(f"{where}: the loss is {row[0]}")
            sums = self.progress.sums
            self.progress.sums = [a + b for a, b in zip(sums, row, strict=True)]
            self.log({**entry, "loss": row[0]})
        self.pending.clear()

    def log(self, entry: dict[str, Any]) -> None:
        """Adds a line to `log.jsonl`; one that is gone is not made anew."""
        if self.rank != 0:
            return
        path = self.out / "log.jsonl"
        try:
            with path.open("r+") as file:
                file.seek(0, os.SEEK_END)
                file.write(json.dumps(entry) + "\n")
        except OSError as error:
            raise SystemExit(f"{path} cannot be written: {error.strerror}") from None

    @torch.no_grad()
    def validate(self) -> tuple[float, Tensor] | None:
        """The mean of the losses of the validation images, each by itself, and what
        metrics are made of; nothing after a signal.
        """
        if self.world > 1:
            for buffer in self.model.buffers():
                dist.broadcast(buffer, 0)  # each process has running statistics
        losses = torch.zeros((), dtype=torch.float64, device=self.device)
        sums = torch.zeros(3, 2, dtype=torch.float64, device=self.device)
        for batch in self.checks:
            if stops:
                break
            image, mask = self.move(batch)
            p = predict(self.model, image, mask)
            kept = p.clamp(1e-7, 1 - 1e-7)
            losses += loss_of(kept.logit(), mask)
            sums += measure(p, mask)
        if is_stopped():
            return None
        if self.world > 1:
            dist.all_reduce(losses)
            dist.all_reduce(sums)
        return losses.item() / self.checked, sums

    def end_epoch(self, began: float) -> bool:
        """Validates, logs and saves; False where a signal came."""
        validated = self.validate()
        if validated is None:
            return False
        progress = self.progress
        loss, sums = validated
        metrics = metrics_of(sums)
        missed = never_predicted(sums)
        known = loss if math.isfinite(loss) else None
        candidate: dict[str, Any] = {
            "epoch": progress.epoch + 1,
            "metric": next(iter(metrics)),
            "value": next(iter(metrics.values()))["mean"],
            "validationLoss": known,
            "unpredicted": missed,
        }
        is_best = self.best is None or is_better(candidate, self.best)
        if is_best:
            self.best = candidate
        means = [each / progress.batch for each in progress.sums]
        validation: dict[str, Any] = {"loss": known, "metrics": metrics}
        if missed:
            validation["unpredicted"] = missed
        seconds = time.perf_counter() - began
        entry = {
            "kind": "epoch",
            "epoch": progress.epoch + 1,
            "step": progress.step,
            "loss": means[0],
            "isBest": is_best,
            "imagesPerSecond": round(self.images_done / max(self.seconds, 1e-9), 3),
            "seconds": round(seconds, 3),
            "waiting": round(self.waited / max(seconds, 1e-9), 4),
            "validation": validation,
        }
        self.waited = 0.0
        self.progress = Progress(epoch=progress.epoch + 1, step=progress.step)
        self.log(entry)
        self.save(is_best)
        if self.rank == 0:
            print(describe(entry, self.epochs), flush=True)
        return True

    def train(self) -> None:
        """Makes the epochs that are left; a signal ends the step and saves."""
        if self.rank == 0:
            count, checked = self.images, self.checked
            print(f"{count} images to train on, {checked} to validate", flush=True)
        if self.progress.step == 0:
            self.save()
        while self.progress.epoch < self.epochs:
            began = time.perf_counter()
            self.train_epoch()
            if is_stopped() or not self.end_epoch(began):
                progress = self.progress
                epoch = progress.epoch + 1
                step = progress.step
                self.log({"kind": "stopped", "epoch": epoch, "step": step})
                self.save()
                if self.rank == 0:
                    print(f"stopped in epoch {epoch}, after step {step}", flush=True)
                raise SystemExit(128 + (stops[0] if stops else signal.SIGTERM))


def is_better(one: dict[str, Any], best: dict[str, Any]) -> bool:
    """Whether an epoch is better than the best: by the metric, then by the loss. One in
    which the metric has no value is behind all where it has one.
    """
    value, other = one["value"], best["value"]
    if value == other:
        losses = (each["validationLoss"] for each in (one, best))
        loss, least = (math.inf if each is None else each for each in losses)
        return bool(loss < least)
    if value is None or other is None:
        return other is None
    return bool(value > other)


def describe(entry: dict[str, Any], epochs: int) -> str:
    """An epoch in a line."""
    validation = entry["validation"]
    means = {name: each["mean"] for name, each in validation["metrics"].items()}
    parts = [
        f"epoch {entry['epoch']}/{epochs}",
        f"loss {entry['loss']:.4f}",
        f"validation {digits(validation['loss'])}",
        ", ".join(f"{name} {digits(mean)}" for name, mean in means.items()),
        f"{entry['imagesPerSecond']:.1f} images/s",
        f"{100 * entry['waiting']:.0f} % waiting for data",
        *(["best so far"] if entry["isBest"] else []),
    ]
    return "  ".join(parts)


def digits(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def never_predicted(sums: Tensor) -> list[dict[str, int]]:
    """Classes that masks have and no pixel is predicted as, and how many have them."""
    tp, fp, fn = sums[:3].tolist()
    total = int(sum(tp) + sum(fn))
    return [
        {"class": each, "pixels": int(fn[each]), "of": total}
        for each in range(2)
        if tp[each] + fp[each] == 0 and fn[each] > 0
    ]


def write_whole(run: Path, name: str, write: Callable[[BinaryIO], object]) -> None:
    """Writes a file of a run aside and renames it: a kill leaves the old one or the new
    one. unetc, which watches the run, tidies the folders of its checkpoints meanwhile.
    """
    path = run / name
    aside = run / f".unetc-{os.urandom(6).hex()}.tmp"
    try:
        path.parent.mkdir(exist_ok=True)  # of a run that is gone, none
        with aside.open("wb") as file:
            write(file)
        os.replace(aside, path)
    except (OSError, RuntimeError) as error:
        # torch.save hides what the system says behind an error of its own.
        cause = error if isinstance(error, OSError) else error.__context__
        if not isinstance(cause, OSError):
            raise
        with contextlib.suppress(OSError):
            aside.unlink()
        raise SystemExit(f"{path} cannot be written: {cause.strerror}") from None


def rewind_log(run: Path, step: int) -> None:
    """Drops lines of steps that will be done again, and what a kill cut short."""
    path = run / "log.jsonl"
    kept: list[str] = []
    for line in path.read_text().splitlines() if path.exists() else []:
        with contextlib.suppress(ValueError, KeyError, TypeError):
            entry = json.loads(line)
            if entry["step"] <= step and entry["kind"] != "stopped":
                kept.append(line + "\n")
    text = "".join(kept).encode()
    write_whole(run, path.name, lambda file: file.write(text))


def load_weights(network: nn.Module, path: Path) -> None:
    """Weights by their names; counts of batches, which nothing reads, may be absent."""
    try:
        given = load_file(path)
    except (OSError, SafetensorError) as error:
        raise SystemExit(f"{path}: {error}") from error
    own = {name for name in network.state_dict() if not name.endswith(COUNTS)}
    missing, more = sorted(own - given.keys()), sorted(given.keys() - own)
    if missing or [name for name in more if not name.endswith(COUNTS)]:
        raise SystemExit(f"{path} lacks weights {missing[:3]} and has {more[:3]}")
    try:
        network.load_state_dict(given, strict=False)
    except RuntimeError as error:
        raise SystemExit(f"{path}: {error}") from error


def ignore_signals(_worker: int) -> None:
    """A signal to stop reaches workers, too; they end with the process that reads."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)


def is_stopped() -> bool:
    """Whether any process was told to stop: all end the same step."""
    told = torch.tensor(float(len(stops) > 0))
    if dist.is_initialized():
        dist.all_reduce(told, dist.ReduceOp.MAX)
    return told.item() > 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Trains Cells.")
    add = parser.add_argument
    add("--data", type=Path, required=True, help="images and masks, train and val")
    add("--out", type=Path, required=True, help="the folder of the run")
    add("--resume", action="store_true", help="go on with the run in --out")
    add("--epochs", type=positive, default=EPOCHS)
    add("--batch", type=positive, default=BATCH, help="of all processes together")
    add("--seed", type=int, default=SEED)
    add("--weights", type=Path, help="a .safetensors file to start from")
    add(
        "--accumulate",
        type=positive,
        default=1,
        help="parts of a batch, one after the other: less memory; losses of regions "
        "and batch norms see a part at a time",
    )
    add("--workers", type=int, default=2, help="of each process, for images")
    on_gpu = torch.cuda.is_available()
    add("--amp", choices=("bf16", "off"), default="bf16" if on_gpu else "off")
    add("--compile", action="store_true", help="by torch.compile; minutes at the start")
    add("--end-with-stdin", action="store_true", help="stop at once when stdin ends")
    return parser.parse_args()


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, not {text}")
    return int(text)


def end_with_stdin() -> None:
    """Ends this process at once when standard input ends: whoever started it is gone,
    and whoever goes on with the run is the only one to write.
    """
    while os.read(0, 1):
        pass
    os._exit(1)


def main() -> None:
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, _: stops.append(number))
    args = read_arguments()
    if args.end_with_stdin:
        threading.Thread(target=end_with_stdin, daemon=True).start()
    try:
        Run(args).train()
    except (DataError, OSError) as error:
        raise SystemExit(text_of(error)) from error
    except Exception as error:
        if "by peer" not in str(error):  # else another process failed, and says why
            traceback.print_exc()
        raise SystemExit(1) from error
    finally:
        end_workers()
    if dist.is_initialized():
        dist.destroy_process_group()


def end_workers() -> None:
    """Ends the processes that read images: they hear no signal to stop, and Python
    would wait for those that the traceback of an error keeps.
    """
    if hasattr(signal, "SIGCHLD"):  # by which PyTorch hears of workers that fail
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for each in multiprocessing.active_children():
        each.kill()


def text_of(error: Exception) -> str:
    """What an error says, of one in a worker without the traceback before it."""
    text = str(error)
    if text.startswith("Caught "):
        text = text.strip().splitlines()[-1].partition(": ")[2]
    return text


if __name__ == "__main__":
    main()
