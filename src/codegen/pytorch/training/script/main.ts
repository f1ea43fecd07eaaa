/** The end of a script. */
export const main = `def main() -> None:
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, _: stops.append(number))
    try:
        Run(read_arguments()).train()
    except DataError as error:
        raise SystemExit(str(error)) from error
    if dist.is_initialized():
        dist.destroy_process_group()


if __name__ == "__main__":
    main()`;
