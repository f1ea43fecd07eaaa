/**
 * How long a person waits for `unetc`: whole processes, from spawn to exit, side by
 * side with bare Node and with compilers of about the same task. The cases take
 * turns, so that a slow minute of the machine hits all of them; medians are shown.
 *
 *     npm run build && npm run bench:start-up -- [ROUNDS]
 *
 * `tsp compile` takes part when @typespec/compiler is installed below
 * `.tmp/typespec` (`npm install --prefix .tmp/typespec @typespec/compiler`).
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** One program to time. The budget is a multiple of bare Node, or milliseconds. */
interface Case {
  readonly name: string;
  readonly words: readonly string[];
  readonly budget?: { readonly timesNode: number } | { readonly milliseconds: number };
  /** Slow cases are run in fewer rounds. */
  readonly isSlow?: boolean;
}

const program = resolve('dist/cli/main.js');
const spec = resolve('specs/unet-2015.unet');
const rounds = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'unetc-bench-'));

try {
  if (!existsSync(program)) throw new Error('dist is missing: run "npm run build" first.');
  if (!existsSync(spec)) throw new Error(`${spec} is missing.`);
  report(measure(cases()));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function cases(): readonly Case[] {
  const typescript = join(folder, 'network.ts');
  writeFileSync(typescript, comparableTypeScript());
  const typeSpec = resolve('.tmp/typespec/node_modules/@typespec/compiler/cmd/tsp.js');
  const typeSpecFile = join(folder, 'main.tsp');
  writeFileSync(typeSpecFile, comparableTypeSpec());
  const tsc = resolve('node_modules/typescript/bin/tsc');
  return [
    { name: 'node -e 0', words: ['-e', '0'] },
    { name: 'unetc --version', words: [program, '--version'], budget: { timesNode: 1.5 } },
    { name: 'unetc check SPEC', words: [program, 'check', spec], budget: { timesNode: 2 } },
    {
      name: 'unetc build --stdout SPEC',
      words: [program, 'build', '--stdout', spec],
      budget: { timesNode: 5 },
    },
    {
      name: 'unetc check, 1000 specs',
      words: [program, 'check', copySpecs(1000)],
      budget: { milliseconds: 3000 },
      isSlow: true,
    },
    { name: 'tsc --noEmit FILE', words: [tsc, '--noEmit', '--strict', typescript], isSlow: true },
    ...(existsSync(typeSpec)
      ? [
          {
            name: 'tsp compile --no-emit FILE',
            words: [typeSpec, 'compile', '--no-emit', typeSpecFile],
            isSlow: true,
          },
        ]
      : []),
  ];
}

/** A folder with `count` copies of the shipped specs, each under a name of its own. */
function copySpecs(count: number): string {
  const copies = join(folder, 'specs');
  mkdirSync(copies);
  const names = readdirSync('specs').filter((name) => name.endsWith('.unet'));
  for (let index = 0; index < count; index++) {
    const name = names[index % names.length]!;
    copyFileSync(join('specs', name), join(copies, `${index}-${name}`));
  }
  return copies;
}

interface Timing extends Case {
  readonly milliseconds: readonly number[];
  readonly exitCode: number | null;
}

function measure(all: readonly Case[]): readonly Timing[] {
  const timings = all.map((one) => ({
    ...one,
    milliseconds: [] as number[],
    exitCode: 0 as number | null,
  }));
  // One round is thrown away: it fills the disk cache.
  for (let round = -1; round < rounds; round++) {
    for (const timing of timings) {
      if (timing.isSlow === true && round >= Math.ceil(rounds / 5)) continue;
      const start = performance.now();
      const { status } = spawnSync(process.execPath, timing.words, {
        stdio: 'ignore',
        cwd: folder,
      });
      if (round >= 0) timing.milliseconds.push(performance.now() - start);
      timing.exitCode = status;
    }
  }
  return timings;
}

function report(timings: readonly Timing[]): void {
  const node = median(timings[0]!.milliseconds);
  const rows = timings.map((timing) => {
    const middle = median(timing.milliseconds);
    const failed = timing.exitCode === 0 ? '' : `ends with ${timing.exitCode}`;
    return [
      timing.name,
      middle.toFixed(0),
      Math.min(...timing.milliseconds).toFixed(0),
      (middle / node).toFixed(2),
      failed || verdict(timing, middle, node),
    ];
  });
  const table = [['process', 'median ms', 'least ms', 'x node', 'budget'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  for (const row of table) {
    const cells = row.map((cell, column) =>
      column === 0 || column === 4 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    );
    console.log(cells.join('  ').trimEnd());
  }
}

function verdict({ budget }: Case, middle: number, node: number): string {
  if (budget === undefined) return '';
  const isRelative = 'timesNode' in budget;
  const limit = isRelative ? budget.timesNode * node : budget.milliseconds;
  const said = isRelative ? `${budget.timesNode} x node` : `${budget.milliseconds} ms`;
  return `${middle <= limit ? 'within' : 'OVER'} ${said}`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((first, second) => first - second);
  return sorted[sorted.length >> 1] ?? NaN;
}

/** A U-Net as typed data: about as many facts as the spec holds, checked by tsc. */
function comparableTypeScript(): string {
  const level = (name: string, width: number): string =>
    `  { name: '${name}', stage: 'double_conv', width: ${width}, down: { kind: 'max_pool', by: 2 } },`;
  return [
    "interface Level { readonly name: string; readonly stage: 'double_conv'; readonly width: number;",
    "  readonly down: { readonly kind: 'max_pool'; readonly by: number } }",
    'export const encoder: readonly Level[] = [',
    ...[64, 128, 256, 512, 1024].map((width, index) => level(`enc${index + 1}`, width)),
    '];',
    'export const widths = encoder.map((level) => level.width);',
    '',
  ].join('\n');
}

/** The same as a TypeSpec model. */
function comparableTypeSpec(): string {
  const widths = [64, 128, 256, 512, 1024];
  return [
    'enum Stage { doubleConv }',
    'model Level { name: string; stage: Stage; width: int32; down: int32; }',
    ...widths.map((width, index) => `model Enc${index + 1} extends Level { taps: ${width}; }`),
    'model Network { input: int32[]; encoder: Level[]; classes: int32 = 2; }',
    '',
  ].join('\n');
}
