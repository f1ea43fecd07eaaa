import pc from 'picocolors';

/** What a piece of rendered text is, so that one place decides how it looks. */
export type Tone = 'path' | 'position' | 'error' | 'warning' | 'quiet' | 'label' | 'note' | 'help';

/** Colours a text by its tone, or returns it unchanged. */
export type Paint = (tone: Tone, text: string) => string;

/** The only difference between coloured and plain output: same characters, same columns. */
export function createPaint(colour: boolean): Paint {
  if (!colour) return (_tone, text) => text;
  const colours = pc.createColors(true);
  const tones: { readonly [T in Tone]: (text: string) => string } = {
    path: colours.cyan,
    position: colours.yellow,
    error: (text) => colours.bold(colours.red(text)),
    warning: (text) => colours.bold(colours.yellow(text)),
    quiet: colours.dim,
    label: colours.cyan,
    note: (text) => colours.bold(colours.blue(text)),
    help: (text) => colours.bold(colours.green(text)),
  };
  return (tone, text) => (text === '' ? '' : tones[tone](text));
}
