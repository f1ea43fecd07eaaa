import { isLowerBetter } from '../../../../ir/metric-options.js';
import { takesPlanes } from '../losses/write-losses.js';
import type { Training } from '../trained-model.js';
import type { RunWords } from './run.js';

/** What validation is written with. */
export interface ValidationWords {
  /** The function that gives the loss of the output that is validated. */
  readonly loss: string;
  /** How many rows `measure` gives. */
  readonly rows: number;
}

/** The part of the class of a run that ends epochs. */
export function validationLines(
  { parts }: RunWords,
  { loss, rows }: ValidationWords,
  training: Training,
): string {
  const { main, outputs, classes, model, head } = training;
  const ofLoss = takesPlanes(main) ? ', maps' : '';
  const given = takesPlanes(main) ? parts : parts.replace('maps', '_');
  const values =
    main.gives === 'probabilities'
      ? 'kept'
      : main.activation === 'sigmoid'
        ? 'kept.logit()'
        : 'kept.log()';
  const [first] = model.recipe.metrics;
  const isLower = first !== undefined && isLowerBetter(first.name);
  const others =
    outputs.length === 1
      ? ''
      : `
        entry["losses"] = dict(zip(OUTPUTS, means[1:], strict=True))`;
  const headField =
    outputs.length === 1
      ? ''
      : `
        validation["head"] = ${JSON.stringify(head.name)}`;
  const names =
    model.recipe.classes === undefined
      ? ''
      : `
        validation["classes"] = list(${training.names.classNames})`;
  const isEndless = model.recipe.patience === undefined;
  const goesOn = isEndless ? 'self.progress.epoch < self.epochs' : 'not self.is_over()';
  const ended = isEndless
    ? ''
    : `
        if self.is_over() and self.progress.epoch < self.epochs:
            epoch, step = self.progress.epoch, self.progress.step
            best = self.best["epoch"] if self.best is not None else 0
            self.log({"kind": "ended", "epoch": epoch, "step": step, "best": best})`;
  const validated = model.recipe.ema === undefined ? 'model' : 'average';
  const buffers =
    model.recipe.ema === undefined
      ? 'self.model.buffers()'
      : '[*self.model.buffers(), *self.average.buffers()]';
  const next =
    model.recipe.schedule.name === 'plateau'
      ? 'next_epoch(progress, is_best)'
      : 'Progress(epoch=progress.epoch + 1, step=progress.step)';
  const told = isEndless
    ? ''
    : `
        if self.rank == 0 and self.progress.epoch < self.epochs:
            epoch = self.progress.epoch
            print(f"ended after epoch {epoch}, {PATIENCE} after the best", flush=True)`;
  const over = isEndless
    ? ''
    : `
    def is_over(self) -> bool:
        """Whether all epochs are done, or none was better for too long."""
        epoch = self.progress.epoch
        if epoch >= self.epochs:
            return True
        return self.best is not None and epoch - self.best["epoch"] >= PATIENCE
`;
  return `    @torch.no_grad()
    def validate(self) -> tuple[float, Tensor] | None:
        """The mean of the losses of the validation images, each by itself, and what
        metrics are made of; nothing after a signal.
        """
        if self.world > 1:
            for buffer in ${buffers}:
                dist.broadcast(buffer, 0)  # each process has running statistics
        losses = torch.zeros((), dtype=torch.float64, device=self.device)
        sums = torch.zeros(${rows}, ${classes}, dtype=torch.float64, device=self.device)
        for batch in self.checks:
            if stops:
                break
            ${given} = self.move(batch)
            p = predict(self.${validated}, image, mask)
            kept = p.clamp(1e-7, 1 - 1e-7)
            losses += ${loss}(${values}, mask${ofLoss})
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
        validation: dict[str, Any] = {"loss": known, "metrics": metrics}${headField}${names}
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
        }${others}
        self.waited = 0.0
        self.progress = ${next}
        self.log(entry)${ended}
        self.save(is_best)
        if self.rank == 0:
            print(describe(entry, self.epochs), flush=True)
        return True
${over}
    def train(self) -> None:
        """Makes the epochs that are left; a signal ends the step and saves."""
        if self.rank == 0:
            count, checked = self.images, self.checked
            print(f"{count} images to train on, {checked} to validate", flush=True)
        if self.progress.step == 0:
            self.save()
        while ${goesOn}:
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
                raise SystemExit(128 + (stops[0] if stops else signal.SIGTERM))${told}


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
    return bool(value ${isLower ? '<' : '>'} other)


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
    """Classes that masks have and no ${main.classifiesImages ? 'image' : 'pixel'} is predicted as, and how many have them."""
    tp, fp, fn = sums[:3].tolist()
    total = ${main.classifiesImages ? 'int(sums[3, 0])' : 'int(sum(tp) + sum(fn))'}
    return [
        {"class": each, "pixels": int(fn[each]), "of": total}
        for each in range(${classes})
        if tp[each] + fp[each] == 0 and fn[each] > 0
    ]
`;
}
