import { fileKinds, FileError, toFileError } from '../files/index.js';
import { createNodeHost } from '../host-node.js';
import { cacheFolder } from './cache-folder.js';
import { interruptedCodes, type CommandContext, type Interruption } from './context.js';
import { endWithParent } from './engines/run-apart.js';
import { createOutput, type Output } from './output.js';
import { watchOutput } from './watch-output.js';

/**
 * The context of the running process. Ctrl-C and the other signals to end do so
 * unless a command asked to be told. Files are written without yielding, so no interrupt finds one
 * half-written. A process that `runApart` started ends with the one that waits for it.
 */
export function createProcessContext(folder: string): CommandContext {
  endWithParent();
  const interruptions: ((signal: Interruption) => void)[] = [];
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const act = interruptions.pop();
      if (act === undefined) process.exit(interruptedCodes[signal]);
      act(signal);
    });
  }
  return {
    stdout: createStreamOutput(process.stdout, 'standard output'),
    stderr: createStreamOutput(process.stderr, 'standard error'),
    readStdin,
    folder,
    host: createNodeHost(folder),
    program: process.argv[1],
    cache: cacheFolder(),
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

function createStreamOutput(stream: NodeJS.WriteStream, name: string): Output {
  const isBroken = watchOutput(stream, name);
  return createOutput({
    write: (text) => {
      if (!isBroken()) stream.write(text);
    },
    colour: wantsColour(process.env, stream.isTTY),
    width: stream.columns ?? 120,
    isTerminal: stream.isTTY,
  });
}

/** Reads standard input to its end, as far as a spec may reach. */
async function readStdin(): Promise<Uint8Array> {
  const { limit } = fileKinds.text;
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of process.stdin) {
      chunks.push(chunk as Uint8Array);
      length += (chunk as Uint8Array).length;
      if (length > limit) break;
    }
  } catch (error) {
    throw toFileError('<stdin>', error);
  }
  if (length <= limit) return Buffer.concat(chunks);
  throw new FileError('<stdin>', 'too-large', `it has more than ${limit} bytes`);
}
