import type { NetworkView } from '../../src/lsp/protocol.js';

/** What panes may ask of the page. */
export interface PageActions {
  /** Selects the place of a tensor in the text. */
  select(tensor: string): void;
  /** Sets the size of an image that everything is shown for. */
  setSize(height: number, width: number): void;
}

/** One way to look at the network. */
export interface Pane {
  readonly id: string;
  readonly title: string;
  readonly element: HTMLElement;
  /** Shows a network; called while the pane is hidden as well. */
  show(network: NetworkView): void;
  /** Called when the pane comes into sight. */
  open?(): void;
  /** The tensors that the cursor's line makes. */
  mark?(tensors: ReadonlySet<string>): void;
}

export const count = (value: number): string => value.toLocaleString('en-US');

const prefixes = ['', 'k', 'M', 'G', 'T'];

/** A number in three digits and a letter: `23.4 M`. */
export function brief(value: number): string {
  let [rest, at] = [value, 0];
  while (rest >= 1000 && at + 1 < prefixes.length) [rest, at] = [rest / 1000, at + 1];
  const digits = rest >= 100 || at === 0 ? 0 : rest >= 10 ? 1 : 2;
  return `${rest.toFixed(digits)}${at === 0 ? '' : ` ${prefixes[at]}`}`;
}

export const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
