import type { Training } from '../trained-model.js';

/** What the class of a run is written with. */
export interface RunWords {
  /** The model's class. */
  readonly network: string;
  /** `image, mask` and `maps` where losses have weight maps. */
  readonly parts: string;
  readonly hasBatchNorms: boolean;
}

/** The class of a run up to its steps: how it is opened, restored and saved. */
export function runLines({ network, hasBatchNorms }: RunWords, training: Training): string {
  const { outputs } = training;
  const sums = outputs.length === 1 ? 1 : outputs.length + 1;
  const plateau =
    training.model.recipe.schedule.name === 'plateau'
      ? `
    factor: float = 1.0
    """On the learning rate, after plateaus."""
    waited: int = 0
    """Epochs since the best one that count."""
    resting: int = 0
    """Epochs after a plateau that do not count."""`
      : '';
  const averaged =
    training.model.recipe.ema === undefined
      ? { made: '', restored: '', best: 'weights', saved: '' }
      : {
          made: '        self.average = copy.deepcopy(self.model)\n',
          restored: '            self.average.load_state_dict(state["average"])\n',
          best: 'self.average.state_dict()',
          saved: '            "average": self.average.state_dict(),\n',
        };
  const share = hasBatchNorms ? '            share_batch_norms()\n' : '';
  return `@dataclass
class Progress:
    """How far a run is."""

    epoch: int = 0
    """Whole epochs."""
    batch: int = 0
    """Batches of the epoch under way."""
    step: int = 0
    """Steps in all."""
    sums: list[float] = field(default_factory=lambda: ${sums === 1 ? '[0.0]' : `[0.0] * ${sums}`})
    """Sums of losses of the epoch under way${sums === 1 ? '' : ': of all, then by output'}."""${plateau}


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
${share}        self.out: Path = args.out
        self.epochs, self.batch = args.epochs, args.batch
        self.parts: int = args.accumulate
        self.amp = args.amp == "bf16"
        training, validation = find_items(args.data)
        self.images, self.checked = len(training), len(validation)
        self.settings = {"batch": args.batch, "seed": args.seed, "images": self.images}
        if min(self.batch, self.images) < self.world:
            raise SystemExit(f"{self.world} processes cannot share a batch")

        torch.manual_seed(args.seed)  # the same weights in all processes
        self.model = ${network}().to(self.device)
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        if args.weights is not None:
            load_weights(self.model, args.weights)
${averaged.made}        self.optimizer = make_optimizer(self.model)
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
        # Each image once: a process takes each \`world\`-th, and none is there twice.
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
${averaged.restored}            self.optimizer.load_state_dict(state["optimizer"])
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
                for name, each in ${averaged.best}.items()
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
${averaged.saved}            "optimizer": self.optimizer.state_dict(),
        }
        write_whole(self.out, "last/state.pt", lambda file: torch.save(state, file))
`;
}
