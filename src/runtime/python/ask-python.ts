import { spawn } from 'node:child_process';
import { isFile, isFolder } from '../../files/index.js';

/** What a Python says of itself and of the modules that it was asked for. */
export interface PythonFacts {
  /** `3.11.7`. */
  readonly python: string;
  /** Modules that are not installed. */
  readonly missing: readonly string[];
  /** A module that is installed and cannot be loaded: its error. */
  readonly broken?: string;
  /** Of PyTorch, where it could be loaded: `2.13.0+cpu`. */
  readonly torch?: string;
  /** What it computes on: the name of a GPU, or `CPU`. */
  readonly device?: string;
}

/** Before the answer, since libraries and start files of users print as well. */
const mark = 'unetc-asks:';

/** Read by every Python: one that is too old has to say so itself. */
const question = `
import json, sys
facts = {"python": "%d.%d.%d" % sys.version_info[:3], "missing": []}
try:
    import importlib.util
    find = importlib.util.find_spec
    facts["missing"] = [name for name in sys.argv[2:] if find(name) is None]
    if sys.argv[1] == "load" and not facts["missing"]:
        for name in sys.argv[2:]:
            __import__(name)
        import torch
        facts["torch"] = str(torch.__version__)
        has_gpu = torch.cuda.is_available()
        facts["device"] = torch.cuda.get_device_name() if has_gpu else "CPU"
except Exception as error:
    facts["broken"] = "%s: %s" % (type(error).__name__, error)
print("")
print("${mark}" + json.dumps(facts))
`;

/** More than that is no answer. */
const mostBytes = 1 << 20;

/**
 * Asks a program, which should be a Python, for what it has; or why it gives no answer.
 *
 * @param how modules are looked for, in a moment, or loaded as well, in seconds.
 */
export async function askPython(
  program: string,
  how: 'find' | 'load',
  modules: readonly string[],
): Promise<PythonFacts | { readonly reason: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, ['-c', question, how, ...modules], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const written = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (bytes: Buffer) => {
        written[name] += bytes.toString();
        if (written[name].length <= mostBytes) return;
        child.kill('SIGKILL');
        // What it has started may hold the pipes, and write on.
        for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
      });
    }
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ reason: whyNotStarted(program, error) }),
    );
    child.on('close', (code, signal) => {
      const facts = written.stdout.split('\n').findLast((line) => line.startsWith(mark));
      if (facts !== undefined) {
        resolve(JSON.parse(facts.slice(mark.length)) as PythonFacts);
        return;
      }
      const last = lastLine(written.stderr) ?? lastLine(written.stdout);
      const how = code === null ? `was ended by ${signal}` : `ended with code ${code}`;
      const said = last === undefined ? '' : ` after "${last}"`;
      resolve({ reason: `it is no Python that answers; it ${how}${said}` });
    });
  });
}

function whyNotStarted(program: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such program';
  if (isFolder(program)) return 'it is a folder';
  if (code === 'EACCES' && isFile(program)) return 'it is a file that may not be executed';
  return message;
}

/** The last line that says something, cut where it is long. */
const lastLine = (text: string): string | undefined => {
  const line = text
    .split('\n')
    .map((each) => each.trim())
    .findLast((each) => each !== '');
  return line !== undefined && line.length > 200 ? `${line.slice(0, 200)}…` : line;
};
