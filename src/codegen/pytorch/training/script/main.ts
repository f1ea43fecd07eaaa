/** The end of a script. */
export const main = `def end_with_stdin() -> None:
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
    main()`;
