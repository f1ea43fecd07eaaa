import { printNumber } from '../../../python/formulas.js';
import { numberOf } from '../losses/options.js';
import type { Training } from '../trained-model.js';
import type { RunWords } from './run.js';

/** The part of the class of a run that makes steps. */
export function stepLines({ parts }: RunWords, training: Training, hasDropout: boolean): string {
  const { outputs } = training;
  const isOne = outputs.length === 1;
  const targets = parts.split(', ').slice(1);
  const given = targets.join(', ');
  const seeded = hasDropout
    ? `        # What dropout draws follows from the step: a run that goes on draws the same.
        number = self.progress.step * self.world + self.rank
        torch.manual_seed((self.settings["seed"] * 2**32 + number) % 2**63)
`
    : '';
  const factor =
    training.model.recipe.schedule.name === 'plateau'
      ? '\n            rate *= progress.factor'
      : '';
  const averages = averageLines(training);
  const losses = isOne
    ? `                loss = loss_of(output, ${given}) * share
                torch.autograd.backward(loss)
                losses += loss.detach()`
    : `                each = losses_of(outputs, ${given}) * share
                loss = (each * each.new_tensor(WEIGHTS)).sum()
                torch.autograd.backward(loss)
                losses += torch.cat([loss.view(1), each]).detach()`;
  return `    def train_epoch(self) -> None:
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
            rate = rate_of(progress.step, len(self.order), self.epochs)${factor}
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
${seeded}        ${parts} = self.move(batch)
        # As many parts in all processes, none of them empty.
        count = min(self.parts, images // self.world)
        split = [each.tensor_split(count) for each in (${parts})]
        losses = torch.zeros(${isOne ? '1' : outputs.length + 1}, device=self.device)
        for number, (${parts}) in enumerate(zip(*split, strict=True), 1):
            share = len(image) / len(batch[0])
            with contextlib.ExitStack() as stack:
                if number < count and isinstance(self.network, DistributedDataParallel):
                    stack.enter_context(self.network.no_sync())
                image = image.contiguous(memory_format=torch.channels_last)
                with torch.autocast(self.device.type, torch.bfloat16, enabled=self.amp):
                    ${isOne ? 'output' : 'outputs'} = self.network(image)
${losses}
${clippingLine(training)}        self.optimizer.step()
        self.optimizer.zero_grad()
${averages.call}        return losses
${averages.method}
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
        """Adds a line to \`log.jsonl\`; one that is gone is not made anew."""
        if self.rank != 0:
            return
        path = self.out / "log.jsonl"
        try:
            with path.open("r+") as file:
                file.seek(0, os.SEEK_END)
                file.write(json.dumps(entry) + "\\n")
        except OSError as error:
            raise SystemExit(f"{path} cannot be written: {error.strerror}") from None
`;
}

/** The line that clips gradients, where the recipe does. */
function clippingLine({ model }: Training): string {
  const { clip } = model.recipe;
  if (clip === undefined) return '';
  const most = printNumber(numberOf(clip, 'max'));
  return `        nn.utils.clip_grad_${clip.name}_(self.model.parameters(), ${most})\n`;
}

/** What makes the average of the weights follow them, where the recipe has one. */
function averageLines({ model }: Training): { readonly call: string; readonly method: string } {
  if (model.recipe.ema === undefined) return { call: '', method: '' };
  return {
    call: '        self.follow()\n',
    method: `
    @torch.no_grad()
    def follow(self) -> None:
        """Moves the average of the weights; those at the start are soon forgotten."""
        step = self.progress.step
        rest = 1 - min(EMA, (1 + step) / (10 + step))
        own = self.model.state_dict()
        for name, each in self.average.state_dict().items():
            if each.is_floating_point():
                each.lerp_(own[name], rest)
`,
  };
}
