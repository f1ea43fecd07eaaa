import { layOut } from '../../../python/layout.js';

/**
 * The function that reads the call, and those that it checks words with.
 *
 * @param accumulate parts of a batch, unless the call says otherwise.
 */
export function argumentLines(model: string, accumulate: number): readonly (readonly string[])[] {
  const add = (words: string): readonly string[] => layOut(4, `add(${words})`);
  return [
    [
      'def read_arguments() -> argparse.Namespace:',
      ...layOut(4, `parser = argparse.ArgumentParser(description="Trains ${model}.")`),
      '    add = parser.add_argument',
      ...add('"--data", type=Path, required=True, help="images and masks, train and val"'),
      ...add('"--out", type=Path, required=True, help="the folder of the run"'),
      ...add('"--resume", action="store_true", help="go on with the run in --out"'),
      ...add('"--epochs", type=positive, default=EPOCHS'),
      ...add('"--batch", type=positive, default=BATCH, help="of all processes together"'),
      ...add('"--seed", type=int, default=SEED'),
      ...add('"--weights", type=Path, help="a .safetensors file to start from"'),
      ...add(
        '"--accumulate", type=positive, default=' +
          String(accumulate) +
          ', help="parts of a batch, one after the other: less memory; losses of regions and batch norms see a part at a time"',
      ).flatMap(breakHelp),
      ...add('"--workers", type=int, default=2, help="of each process, for images"'),
      '    on_gpu = torch.cuda.is_available()',
      ...add('"--amp", choices=("bf16", "off"), default="bf16" if on_gpu else "off"'),
      ...add('"--compile", action="store_true", help="by torch.compile; minutes at the start"'),
      ...add('"--end-with-stdin", action="store_true", help="stop at once when stdin ends"'),
      '    return parser.parse_args()',
    ],
    [
      'def positive(text: str) -> int:',
      '    if not text.isdecimal() or int(text) < 1:',
      '        raise argparse.ArgumentTypeError(f"expected a whole number from 1, not {text}")',
      '    return int(text)',
    ],
  ];
}

/** A help text in two literals, where it is longer than a line. */
function breakHelp(line: string): readonly string[] {
  const [, lead, text, ending] = /^( *help=)(".*")(,?)$/.exec(line) ?? [];
  if (text === undefined || line.length <= 88) return [line];
  const at = text.lastIndexOf(' ', 70) + 1;
  return [`${lead!}${text.slice(0, at)}"`, `${' '.repeat(8)}"${text.slice(at)}${ending!}`];
}
