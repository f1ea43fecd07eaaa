import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The program, built as it is shipped, in a folder of its own. */
export interface BuiltProgram {
  /** The path of its entry. */
  readonly main: string;
  /** Runs it on some words. */
  readonly run: (
    words: readonly string[],
    options?: { readonly input?: string; readonly env?: Readonly<Record<string, string>> },
  ) => { readonly stdout: string; readonly stderr: string; readonly code: number | null };
  /** Starts it without waiting. */
  readonly start: (words: readonly string[]) => ReturnType<typeof spawn>;
  /** The packages and own source files of which code is loaded when it runs on some words. */
  readonly loaded: (words: readonly string[]) => readonly string[];
  readonly remove: () => void;
}

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }
    >
  >;
}

/**
 * Builds the program below `.tmp/`, inside the checkout so that packages left
 * out of the bundle are found.
 */
export function buildProgram(name: string): BuiltProgram {
  const folder = resolve('.tmp', `${name}-${process.pid}`);
  const metafilePath = join(folder, 'metafile.json');
  mkdirSync(folder, { recursive: true });
  const build = spawnSync(
    process.execPath,
    ['scripts/build.mjs', '--cli-only', '--out', folder, '--metafile', metafilePath],
    { encoding: 'utf8' },
  );
  if (build.status !== 0) throw new Error(`The build failed:\n${build.stderr}`);
  const main = join(folder, 'cli/main.js');
  const environment = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', FORCE_COLOR: '' };

  const run: BuiltProgram['run'] = (words, { input = '', env = {} } = {}) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...words], {
      input,
      encoding: 'utf8',
      env: { ...environment, ...env },
    });
    return { stdout, stderr, code: status };
  };

  return {
    main,
    run,
    start: (words) => spawn(process.execPath, [main, ...words], { env: environment }),
    loaded,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };

  function loaded(words: readonly string[]): readonly string[] {
    const log = join(folder, 'loaded.txt');
    rmSync(log, { force: true });
    run(words, { env: { NODE_OPTIONS: `--import ${pathToFileURL(writeHooks(log))}` } });
    const { outputs } = JSON.parse(readFileSync(metafilePath, 'utf8')) as Metafile;
    const sources = new Map(
      Object.entries(outputs).map(([output, { inputs }]) => [
        output.replace(/^.*\//, ''),
        Object.entries(inputs).flatMap(([path, { bytesInOutput }]) =>
          bytesInOutput > 0 ? [path] : [],
        ),
      ]),
    );
    const urls = readFileSync(log, 'utf8').split('\n').filter(Boolean);
    return [...new Set(urls.flatMap((url) => describe(url)))].sort();

    function describe(url: string): readonly string[] {
      if (!url.startsWith('file:')) return [];
      const path = relative(process.cwd(), new URL(url).pathname);
      const file = path.replace(/^.*\//, '');
      const isOurs = path.startsWith(relative(process.cwd(), folder));
      return isOurs ? (sources.get(file) ?? []).map(packageOf) : [packageOf(path)];
    }
  }

  /** Loader hooks that write down the address of every module that is loaded. */
  function writeHooks(log: string): string {
    const hooks = join(folder, 'hooks.mjs');
    const register = join(folder, 'register.mjs');
    writeFileSync(
      hooks,
      `import { appendFileSync } from 'node:fs';
       export async function load(url, context, next) {
         appendFileSync(${JSON.stringify(log)}, url + '\\n');
         return next(url, context);
       }`,
    );
    writeFileSync(
      register,
      `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(hooks).href)});`,
    );
    return register;
  }
}

/** `chevrotain` for `node_modules/chevrotain/lib/…`; the path itself for a source of ours. */
function packageOf(path: string): string {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return name ?? path;
}
