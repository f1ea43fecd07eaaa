import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The program, built as it is shipped, with a folder for its caches. */
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
  /** The files of the program and the packages that are loaded when it runs on some words. */
  readonly loaded: (words: readonly string[]) => readonly string[];
  /** The code caches that a command left. */
  readonly caches: (command: string) => readonly string[];
  readonly remove: () => void;
}

/**
 * The built program, with caches of its own below `.tmp/`. All files of a run of the tests
 * share one build; outside such a run it is built for itself.
 */
export function openProgram(name: string): BuiltProgram {
  const folder = resolve('.tmp', `${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const main = join(build(process.env['UNETC_TEST_RUN'] ?? folder), 'cli/main.js');
  const environment = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', FORCE_COLOR: '' };
  // The code cache of the person who runs the tests is left alone.
  Object.assign(environment, { XDG_CACHE_HOME: join(folder, 'cache') });

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
    caches: (command) =>
      readdirSync(join(folder, 'cache/unetc'))
        .filter((name) => name.endsWith(`-${command}.bin`))
        .map((name) => join(folder, 'cache/unetc', name)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };

  function loaded(words: readonly string[]): readonly string[] {
    const log = join(folder, 'loaded.txt');
    rmSync(log, { force: true });
    run(words, { env: { NODE_OPTIONS: writeHooks(log) } });
    const paths = readFileSync(log, 'utf8').split('\n').filter(Boolean);
    return [...new Set(paths.map(shortName))].sort();
  }

  /** Options for Node that write down every file that is loaded, by `require`, `import` or the program. */
  function writeHooks(log: string): string {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const append = `require('node:fs').appendFileSync(${JSON.stringify(log)}, path + '\\n')`;
    const required = file(
      'required.cjs',
      `const vm = require('node:vm'), Module = require('node:module');
       const note = (path) => ${append};
       const resolve = Module._resolveFilename;
       Module._resolveFilename = (...words) => {
         const path = resolve(...words);
         if (!Module.isBuiltin(path)) note(path);
         return path;
       };
       vm.Script = class extends vm.Script {
         constructor(text, options) { super(text, options); note(options.filename); }
       };`,
    );
    const imported = file(
      'imported.mjs',
      `import { createRequire } from 'node:module';
       const require = createRequire(import.meta.url);
       export function load(url, context, next) {
         const path = url.replace(/^file:\\/\\//, '');
         if (path.startsWith('/')) ${append};
         return next(url, context);
       }`,
    );
    const register = file(
      'register.mjs',
      `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(imported).href)});`,
    );
    return `--require ${required} --import ${pathToFileURL(register)}`;
  }
}

/**
 * Builds the program in a folder inside the checkout, so that packages left out of the
 * bundle are found, and as deep as `dist`. Who needs it first builds; files that run
 * meanwhile wait.
 */
function build(folder: string): string {
  const notes = join(folder, 'build');
  const failure = join(notes, 'failure.txt');
  if (mkdirSync(notes, { recursive: true }) !== undefined) {
    const words = ['scripts/build.mjs', '--cli-only', '--out', folder];
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    if (status !== 0) writeFileSync(failure, stderr);
  }
  // The script puts the whole folder of the program in its place at once.
  while (!existsSync(join(folder, 'cli'))) {
    if (existsSync(failure)) throw new Error(`The build failed:\n${readFileSync(failure, 'utf8')}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
  return folder;
}

/**
 * `chevrotain` for `node_modules/chevrotain/lib/…`, whole where only its `package.json` is
 * read; the bare name for a file of the program.
 */
function shortName(path: string): string {
  const [, whole, name] = /.*node_modules\/(((?:@[^/]+\/)?[^/]+).*)/.exec(path) ?? [];
  if (whole === `${name}/package.json`) return whole;
  return name ?? basename(path);
}
