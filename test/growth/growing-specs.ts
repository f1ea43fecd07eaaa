/** A spec, and the files beside it that it imports. */
export interface GrownSpec {
  readonly text: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** One way in which a spec can grow. */
export interface Growth {
  /** What there are `n` of. */
  readonly things: string;
  readonly grow: (n: number) => GrownSpec;
  /** The numbers that a bench tries; each way is at its limit with the last. */
  readonly steps: readonly number[];
  /** Whether the specs have errors, which the compiler tells. */
  readonly fails?: boolean;
}

const each = (n: number, line: (at: number) => string): string =>
  Array.from({ length: n }, (_, at) => line(at)).join('\n');
const items = (n: number, item: (at: number) => string): string =>
  Array.from({ length: n }, (_, at) => item(at)).join(', ');

/** A model of wires alone. */
const wired = (wires: string, more = ''): string =>
  `model Net {\n  input image: [H, W, 3]\n  wires {\n${wires}\n  }\n  head mask: conv(1, 1) -> sigmoid\n}\n${more}`;

const chain = (n: number): string =>
  each(n, (at) => `    w${at + 1} = w${at} -> conv(4, 3) -> batch_norm -> relu`);

/** A U-Net of some depth, with other sections than the usual ones where they are given. */
const unet = (
  depth: number,
  parts: { skip?: string; stage?: string; down?: string; up?: string } = {},
): string =>
  [
    'model Net {',
    '  input image: [H, W, 3]',
    `  encoder plain { widths: [${items(depth, () => '4')}], stage: ${parts.stage ?? 'conv(width, 3) -> relu'}, down: ${parts.down ?? 'max_pool(2)'} }`,
    `  ${parts.skip ?? 'skip plain'}`,
    `  decoder { up: ${parts.up ?? 'nearest(2)'}, stage: ${parts.stage ?? 'conv(width, 3) -> relu'} }`,
    '  head mask: conv(1, 1) -> sigmoid',
    '}',
  ].join('\n');

/** Steps of a U-Net whose levels have one size: residues, which double with each halving, grow in other ways. */
const level = { down: 'max_pool(3, stride: 1, padding: same)', up: 'identity' };

const tenfold = [100, 316, 1000, 3162, 10_000];

/** Every way in which a spec can grow, by its name. */
export const growths = {
  chain: {
    things: 'wires of three operations in a row',
    grow: (n) => ({ text: wired(`    w0 = image -> conv(4, 3)\n${chain(n)}`) }),
    steps: [33, 105, 333, 1054, 3333, 10_540],
  },
  fan: {
    things: 'wires from the image that one merge joins',
    grow: (n) => ({
      text: wired(
        `${each(n, (at) => `    w${at} = image -> conv(4, 3)`)}\n    sum = [${items(n, (at) => `w${at}`)}] -> add`,
      ),
    }),
    steps: tenfold,
  },
  diamonds: {
    things: 'wires that each join two paths from the one above',
    grow: (n) => ({
      text: wired(
        `    w0 = image -> global_avg_pool -> conv(4, 1)\n${each(n, (at) => `    w${at + 1} = [w${at}, w${at} -> conv(4, 1)] -> add`)}`,
      ),
    }),
    steps: [50, 158, 500, 1581, 5000],
  },
  dense: {
    things: 'tensors that wires join, each all above it',
    grow: (n) => {
      const above = (at: number): readonly string[] => [
        'image',
        ...Array.from({ length: at }, (_, before) => `w${before}`),
      ];
      return {
        text: wired(
          each(
            Math.round(Math.sqrt(2 * n)),
            (at) => `    w${at} = [${above(at).join(', ')}] -> concat -> conv(2, 1)`,
          ),
        ),
      };
    },
    steps: [300, 1250, 5000, 20_000, 45_000],
  },
  encoder: {
    things: 'lines of an encoder',
    grow: (n) => ({
      text: `model Net {\n  input image: [H, W, 3]\n  encoder own\n  skip plain\n  decoder { up: nearest(2), stage: conv(4, 3) }\n  head mask: conv(1, 1) -> sigmoid\n}\nencoder own {\n  x0 = in -> conv(4, 3)\n${each(n, (at) => `  x${at + 1} = x${at} -> conv(4, 3)`)}\n  tap s1 = x${n}\n  tap s2 = s1 -> max_pool(2)\n}\n`,
    }),
    steps: [50, 158, 500, 1581, 5000],
  },
  unused: {
    things: 'wires that reach no head',
    grow: (n) => ({
      text: wired(`${each(n, (at) => `    w${at} = image -> relu`)}\n    last = image -> relu`),
    }),
    steps: tenfold,
  },
  heads: {
    things: 'heads',
    grow: (n) => ({
      text: `model Net {\n  input image: [H, W, 3]\n  wires { a = image -> conv(4, 3) }\n${each(n, (at) => `  head h${at}: a -> conv(1, 1) -> sigmoid`)}\n}\n`,
    }),
    steps: [50, 158, 500, 1581, 5000],
  },
  models: {
    things: 'models in a file',
    grow: (n) => ({
      text: each(
        n,
        (at) =>
          `model Net${at} {\n  input image: [H, W, 3]\n  wires { a = image -> conv(4, 3) }\n  head mask: a -> conv(1, 1) -> sigmoid\n}`,
      ),
    }),
    steps: [30, 95, 300, 950, 2500],
  },
  blocks: {
    things: 'blocks, called once each',
    grow: (n) => ({
      text: wired(
        `    w0 = image -> conv(4, 3)\n${each(n, (at) => `    w${at + 1} = w${at} -> b${at}(4)`)}`,
        each(n, (at) => `block b${at}(c: int) = conv(c, 3) -> relu`),
      ),
    }),
    steps: [25, 80, 250, 800, 2500],
  },
  calls: {
    things: 'calls of one block with lines',
    grow: (n) => ({
      text: wired(
        `    w0 = image -> conv(4, 3)\n${each(n, (at) => `    w${at + 1} = w${at} -> b(4)`)}`,
        'block b(c: int) {\n  h = in -> conv(c, 3) -> batch_norm -> relu\n  out = [h, in] -> add\n}\n',
      ),
    }),
    steps: [25, 80, 250, 800, 2500, 5000],
  },
  doubling: {
    things: 'operations of blocks that call the next block twice',
    grow: (n) => {
      const depth = Math.max(1, Math.round(Math.log2(n)));
      return {
        text: wired(
          `    w = image -> conv(4, 3) -> b${depth}`,
          `block b0 = conv(4, 3)\n${each(depth, (at) => `block b${at + 1} = b${at} -> b${at}`)}\n`,
        ),
      };
    },
    steps: [128, 512, 2048, 8192, 32_768],
  },
  nesting: {
    things: 'blocks, each in the next',
    grow: (n) => ({
      text: wired(
        `    w = image -> b${n}(4)`,
        `block b0(c: int) = conv(c, 3)\n${each(n, (at) => `block b${at + 1}(c: int) = b${at}(c) -> relu`)}\n`,
      ),
    }),
    steps: [8, 16, 32, 63],
  },
  brackets: {
    things: 'brackets in brackets, in one value',
    grow: (n) => ({
      text: wired(`    w = ${'('.repeat(n)}image -> relu${' -> relu)'.repeat(n)}`),
    }),
    steps: [8, 16, 32, 60, 1000, 10_000],
  },
  rounds: {
    things: 'rounds of a loop',
    grow: (n) => ({
      text: wired(
        '    w = image -> conv(4, 3) -> b',
        `block b {\n  x = in -> relu\n  for i in range(${Math.min(n, 1000)}) { for j in range(${Math.ceil(n / 1000)}) { x = x -> conv(4, 3) } }\n  out = x\n}\n`,
      ),
    }),
    steps: [100, 316, 1000, 3000, 10_000, 100_000],
  },
  list: {
    things: 'items of a list that is written out',
    grow: (n) => ({
      text: wired(
        `    w = image -> conv(4, 3) -> b([${items(n, (at) => String(1 + (at % 9)))}])`,
        'block b(list: [int]) = conv(min(length(list), 8), 3) -> conv(max(list), 1)\n',
      ),
    }),
    steps: tenfold,
  },
  loopList: {
    things: 'items of a list that a loop takes',
    grow: (n) => ({
      text: wired(
        '    w = image -> conv(4, 3) -> b',
        `block b {\n  x = in -> relu\n  for c in [${items(n, (at) => String(1 + (at % 9)))}] { x = x -> conv(c, 1) }\n  out = x\n}\n`,
      ),
    }),
    steps: tenfold,
  },
  parameters: {
    things: 'parameters of a model',
    grow: (n) => ({
      text: `model Net(${items(n, (at) => `p${at}: int = ${at === 0 ? '4' : `p${at - 1}`}`)}) {\n  input image: [H, W, 3]\n  wires {\n    w0 = image -> relu\n${each(n, (at) => `    w${at + 1} = w${at} -> conv(p${at}, 1)`)}\n  }\n  head mask: conv(1, 1)\n}\n`,
    }),
    steps: [30, 95, 300, 950, 3000],
  },
  options: {
    things: 'arguments of one call',
    grow: (n) => ({
      text: wired(
        `    w = image -> b(${items(n, (at) => `c${at}: ${1 + (at % 9)}`)})`,
        `block b(${items(n, (at) => `c${at}: int = 1`)}) {\n  x0 = in -> relu\n${each(n, (at) => `  x${at + 1} = x${at} -> conv(c${at}, 1)`)}\n  out = x${n}\n}\n`,
      ),
    }),
    steps: [30, 95, 300, 950, 2500],
  },
  rules: {
    things: 'rules that a model states',
    grow: (n) => ({
      text: `model Net(base: int = 4) {\n${each(n, (at) => `  error: "{base} is too much." if base > ${at + 10}`)}\n  input image: [H, W, 3]\n  wires { a = image -> conv(base, 3) }\n  head mask: conv(1, 1)\n}\n`,
    }),
    steps: [100, 316, 1000, 3162, 9000],
  },
  imports: {
    things: 'files that are imported',
    grow: (n) => ({
      text:
        each(n, (at) => `import b${at} from "./part${at}"`) +
        '\n' +
        wired(
          `    w0 = image -> conv(4, 3)\n${each(n, (at) => `    w${at + 1} = w${at} -> b${at}(4)`)}`,
        ),
      files: Object.fromEntries(
        Array.from({ length: n }, (_, at) => [
          `part${at}.unet`,
          `block b${at}(c: int) = conv(c, 3) -> relu\n`,
        ]),
      ),
    }),
    steps: [30, 95, 300, 950, 2500],
  },
  importChain: {
    things: 'files that each import the next',
    grow: (n) => ({
      text: `import b0 from "./part0"\n${wired('    w = image -> conv(4, 3) -> b0')}`,
      files: Object.fromEntries(
        Array.from({ length: n }, (_, at) => [
          `part${at}.unet`,
          at === n - 1
            ? `block b${at} = relu\n`
            : `import b${at + 1} from "./part${at + 1}"\nblock b${at} = ${at < 40 ? `b${at + 1} -> ` : ''}relu\n`,
        ]),
      ),
    }),
    steps: [30, 95, 300, 950, 3000],
  },
  comments: {
    things: 'lines of comments',
    grow: (n) => ({
      text: wired(
        each(
          n,
          (at) =>
            `    // remark ${at}${at % 50 === 0 ? `\n    w${at} = ${at === 0 ? 'image' : `w${at - 50}`} -> relu` : ''}`,
        ),
      ),
    }),
    steps: [100, 316, 1000, 3162, 10_000, 30_000],
  },
  longComment: {
    things: 'words in one comment',
    grow: (n) => ({ text: wired(`    // ${'word '.repeat(n)}\n    w = image -> relu`) }),
    steps: [1000, 10_000, 100_000, 500_000],
  },
  longLine: {
    things: 'tokens on one line',
    grow: (n) => ({
      text: wired(
        `    w = [${items(Math.ceil(n / 9), () => 'image -> conv(4, 3)')}] -> add`,
      ).replaceAll('\n', ' '),
    }),
    steps: [1000, 3162, 10_000, 31_623, 90_000],
  },
  docs: {
    things: 'wires with documentation',
    grow: (n) => ({
      text: wired(
        `    w0 = image -> conv(4, 3)\n${each(n, (at) => `    /// What wire ${at} is for.\n    w${at + 1} = w${at} -> relu`)}`,
      ),
    }),
    steps: tenfold,
  },
  levels: {
    things: 'levels of a U-Net that goes down by 1',
    grow: (n) => ({
      text: unet(n, level),
    }),
    steps: [4, 8, 16, 32],
  },
  nested: {
    things: 'tensors that the nodes of a U-Net++ join',
    grow: (n) => ({ text: unet(Math.round(Math.cbrt(6 * n)), { ...level, skip: 'skip nested' }) }),
    steps: [10, 30, 100, 300, 1000, 3000],
  },
  fullScale: {
    things: 'tensors that the nodes of a UNet 3+ join',
    grow: (n) => ({
      text: unet(Math.round(Math.sqrt(n)), {
        ...level,
        skip: `skip full_scale { branch: conv(4, 3), down: ${level.down} }`,
      }),
    }),
    steps: [9, 25, 64, 121, 400, 900],
  },
  residues: {
    things: 'residues, all legal',
    grow: (n) => ({
      text: unet(1 + Math.round(Math.log2(n)), {
        stage: 'conv(width, 3, padding: valid) -> relu',
        skip: 'skip plain { align: crop(rounding: floor) }',
      }),
    }),
    steps: [16, 64, 256, 1024, 4096],
  },
  padded: {
    things: 'residues of a U-Net that pads',
    grow: (n) => ({
      text: unet(1 + Math.round(Math.log2(n)), { skip: 'skip plain { align: pad }' }),
    }),
    steps: [16, 64, 256, 1024, 4096],
  },
  strides: {
    things: 'residues of two pools, which one tensor follows',
    grow: (n) => ({
      text: wired(
        `    a = image -> max_pool(${Math.floor(Math.sqrt(n))}) -> max_pool(${Math.floor(Math.sqrt(n))}) -> conv(4, 3)\n    b = a -> nearest(${Math.floor(Math.sqrt(n))})\n    c = image -> resize_to(b)\n    d = [b, c] -> concat`,
      ),
    }),
    steps: [16, 64, 256, 1024, 4096],
  },
  errors: {
    things: 'words that mean nothing',
    grow: (n) => ({
      text: wired(
        `${each(n, (at) => `    w${at} = image -> convolute(${at})`)}\n    last = image -> relu`,
      ),
    }),
    fails: true,
    steps: tenfold,
  },
  unknown: {
    things: 'names of tensors that there are not',
    grow: (n) => ({
      text: wired(`${each(n, (at) => `    w${at} = v${at} -> relu`)}\n    last = image -> relu`),
    }),
    fails: true,
    steps: tenfold,
  },
  mismatches: {
    things: 'merges of sizes that differ',
    grow: (n) => ({
      text: wired(
        `    a = image -> max_pool(2)\n${each(n, (at) => `    w${at} = [image, a] -> concat`)}\n    last = image -> relu`,
      ),
    }),
    fails: true,
    steps: tenfold,
  },
  brokenLines: {
    things: 'lines that do not parse',
    grow: (n) => ({
      text: wired(`${each(n, (at) => `    w${at} = = image -> relu`)}\n    last = image -> relu`),
    }),
    fails: true,
    steps: tenfold,
  },
  openBraces: {
    things: 'models without their closing brace',
    grow: (n) => ({
      text: each(
        n,
        (at) =>
          `model Net${at} {\n  input image: [H, W, 3]\n  wires { a = image -> conv(4, 3)\n  head mask: a -> conv(1, 1)\n}`,
      ),
    }),
    fails: true,
    steps: [30, 95, 300, 950, 2500],
  },
} as const satisfies Readonly<Record<string, Growth>>;

export type GrowthName = keyof typeof growths;
