/** Functions for what a run leaves in its folder; ruff's formatter leaves them as they are. */
export const files = `def write_whole(run: Path, name: str, write: Callable[[BinaryIO], object]) -> None:
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
                kept.append(line + "\\n")
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
    return told.item() > 0`;
