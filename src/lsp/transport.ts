/** How an editor and the server talk. */
export type Transport =
  | { readonly kind: 'streams' }
  | { readonly kind: 'ipc' }
  /** The editor listens, and the server calls it: on a port of this machine, or on a named pipe. */
  | { readonly kind: 'socket'; readonly port: number }
  | { readonly kind: 'pipe'; readonly path: string };

/**
 * What the words of a command line say: `--node-ipc`, `--socket=N`, `--pipe=NAME`, the
 * values also as words of their own; standard input and output with `--stdio` or without any.
 */
export function transportOf(words: readonly string[]): Transport {
  const valueOf = (option: string): string | undefined => {
    const at = words.findIndex((word) => word === option || word.startsWith(`${option}=`));
    const word = words[at];
    return word === option ? words[at + 1] : word?.slice(option.length + 1);
  };
  const [port, path] = [valueOf('--socket'), valueOf('--pipe')];
  if (words.includes('--node-ipc')) return { kind: 'ipc' };
  if (port !== undefined) return { kind: 'socket', port: Number(port) };
  if (path !== undefined) return { kind: 'pipe', path };
  return { kind: 'streams' };
}
