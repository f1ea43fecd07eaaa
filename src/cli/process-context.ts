import { createNodeHost } from '../host-node.js';
import type { CommandContext, Output } from './context.js';

/**
 * The context of the running process. A reader that goes away (`| head`) ends it
 * quietly; Ctrl-C ends it with 130 unless a command asked to be told. Files are
 * written without yielding, so no interrupt finds one half-written.
 */
export function createProcessContext(): CommandContext {
  const interruptions: (() => void)[] = [];
  process.on('SIGINT', () => {
    const act = interruptions.pop();
    if (act === undefined) process.exit(130);
    act();
  });
  return {
    stdout: createOutput(process.stdout),
    stderr: createOutput(process.stderr),
    readStdin,
    folder: process.cwd(),
    host: createNodeHost(),
    onInterrupt: (act) => {
      interruptions.push(act);
      return () => {
        const at = interruptions.indexOf(act);
        if (at >= 0) interruptions.splice(at, 1);
      };
    },
  };
}

/**
 * Colour belongs on a terminal unless NO_COLOR (no-color.org) is set or the
 * terminal is dumb; FORCE_COLOR overrules both.
 */
export function wantsColour(
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = environment;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return isTerminal && TERM !== 'dumb';
}

function createOutput(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
  return {
    write: (text) => void stream.write(text),
    colour: wantsColour(process.env, stream.isTTY),
    width: stream.columns ?? 120,
    isTerminal: stream.isTTY,
  };
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
