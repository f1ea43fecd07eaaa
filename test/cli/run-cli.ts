import type { CommandContext, ExitCode } from '../../src/cli/context.js';
import { createOutput, type Output } from '../../src/cli/output.js';
import { runCli } from '../../src/cli/run.js';
import { createNodeHost } from '../../src/host-node.js';
import type { Host } from '../../src/host.js';

/** What a call left behind. */
export interface CliResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: ExitCode;
}

/** The world of a call: a folder on the disk, or a host of its own. */
export interface CliWorld {
  readonly stdin?: string | Uint8Array;
  readonly folder?: string;
  readonly host?: Host;
}

/** Runs the program on its words inside this process. */
export async function callCli(words: readonly string[], world: CliWorld = {}): Promise<CliResult> {
  const { context, told } = createContext(world);
  const code = await runCli(words, context);
  return { ...told(), code };
}

/** What a command is given, and what it has told so far. */
export function createContext(world: CliWorld = {}): {
  readonly context: CommandContext;
  readonly told: () => Omit<CliResult, 'code'>;
} {
  const folder = world.folder ?? process.cwd();
  const stdout: string[] = [];
  const stderr: string[] = [];
  const context: CommandContext = {
    stdout: collect(stdout),
    stderr: collect(stderr),
    readStdin: () => Promise.resolve(Buffer.from(world.stdin ?? '')),
    folder,
    host: world.host ?? createNodeHost(folder),
    program: undefined,
    cache: undefined,
    onInterrupt: () => () => {},
  };
  return { context, told: () => ({ stdout: stdout.join(''), stderr: stderr.join('') }) };
}

function collect(texts: string[]): Output {
  const write = (text: string): void => void texts.push(text);
  return createOutput({ write, colour: false, width: 100, isTerminal: false });
}
