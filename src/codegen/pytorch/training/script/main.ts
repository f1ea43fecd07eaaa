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
        raise SystemExit(str(error)) from error
    except Exception as error:
        # A traceback that Python keeps would keep workers, which hear no signal.
        traceback.print_exc()
        raise SystemExit(1) from error
    if dist.is_initialized():
        dist.destroy_process_group()


if __name__ == "__main__":
    main()`;
