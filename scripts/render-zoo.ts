import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { emitPicture } from '../src/codegen/picture/emit-picture.js';
import { compileText, type CompiledModel } from '../src/compile.js';
import { legalText } from '../src/ir/sizes/legal-text.js';
import { legalAtLeast } from '../src/ir/sizes/sizes.js';
import { summarise, type ModelSummary } from '../src/ir/reports/summary.js';

/** The page that shows every network of the zoo, and the module that `unetc init` reads. */
export const zooPage = 'docs/zoo.md';
export const zooModule = 'src/cli/zoo.generated.ts';
/** The folder of the page's pictures, and the path of one. */
export const zooPictures = 'docs/images/zoo';
const pictureOf = (name: string): string => `${zooPictures}/${name}.svg`;

/** Specs outside specs/zoo that are networks of papers, too. */
const others = [
  'attention-unet',
  'eff-unet',
  'mobilenet-v2-unet',
  'residual-unet',
  'segnet',
  'unet-2015',
  'unet-3-plus',
  'unet-plus-plus',
  'unet-plus-plus-resnet',
  'unet-resnet',
];

/** Costs are counted for images of this height and width, or the next that are legal. */
const side = 256;

/** One spec of the zoo. */
export interface ZooSpec {
  /** What `unetc init` calls it: its file without the extension. */
  readonly name: string;
  readonly path: string;
  /** The comment above its first model, as one line. */
  readonly doc: string;
  readonly models: readonly CompiledModel[];
}

/** Every spec of the zoo, by name. */
export function readZoo(): readonly ZooSpec[] {
  const own = readdirSync('specs/zoo').map((file) => `specs/zoo/${file}`);
  return [...own, ...others.map((name) => `specs/${name}.unet`)]
    .map(readSpec)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function readSpec(path: string): ZooSpec {
  const text = readFileSync(path, 'utf8');
  const { models, diagnostics } = compileText(path, text);
  const [, comment] = /((?:^\/\/\/.*\n)+)model /m.exec(text) ?? [];
  if (diagnostics.length > 0 || comment === undefined) {
    throw new Error(`${path}: ${diagnostics[0]?.message ?? 'its model has no comment'}`);
  }
  const doc = comment
    .replaceAll(/^\/\/\/ ?/gm, '')
    .trim()
    .replaceAll('\n', ' ');
  return { name: basename(path, '.unet'), path, doc, models };
}

/** Which network it is: the comment up to its first colon or full stop. */
const titleOf = ({ doc }: ZooSpec): string => doc.replace(/(?<!et al)[:.](?:\s.*|$)/, '');

/** The module with the names of the zoo, so that no spec is read to list them. */
export function renderZooModule(zoo: readonly ZooSpec[]): Promise<string> {
  const entries = zoo.map(
    (spec) =>
      `${JSON.stringify(spec.name)}: { spec: ${JSON.stringify(spec.path)}, title: ${JSON.stringify(titleOf(spec))} },`,
  );
  const text = `// Generated from specs/zoo by "npm run generate"; do not edit.

/** Networks of papers that the package has as specs, by the name that \`unetc init\` takes. */
export const zoo: Readonly<Record<string, { readonly spec: string; readonly title: string }>> = {
  ${entries.join('\n')}
};
`;
  return formatted(text, zooModule);
}

/** The pictures of the zoo by their paths. */
export async function renderZooPictures(
  zoo: readonly ZooSpec[],
): Promise<ReadonlyMap<string, string>> {
  const pictures = zoo.map(async ({ name, models }) => {
    const picture = await emitPicture(models[0]!, { format: 'svg', theme: 'auto' });
    return [pictureOf(name), picture] as const;
  });
  return new Map(await Promise.all(pictures));
}

/** The page: a table of all, then each with its picture. */
export function renderZooPage(zoo: readonly ZooSpec[]): Promise<string> {
  const text = `# The zoo

Written by \`npm run generate\` from the comments of the specs and from what the compiler counts.

Networks of papers as specs to read, to train and to change. \`unetc init --list\` prints their
names; this writes one of them to a file of your own, which imports nothing but the standard library:

\`\`\`sh
unetc init linknet
\`\`\`

Parameters are those that are trained. Multiply-adds are of one image of ${side} x ${side} pixels, or
of the next larger size that is legal. Where the numbers come from that the tests compare these
networks with is said in \`test/zoo\` and \`test/oracles\` of the repository.

| name | model | parameters | multiply-adds | legal sizes |
| --- | --- | --: | --: | --- |
${zoo.flatMap((spec) => spec.models.map((model) => row(spec, model))).join('\n')}

${zoo.map(renderSection).join('\n')}`;
  return formatted(text, zooPage);
}

function row({ name }: ZooSpec, model: CompiledModel): string {
  const { parameters, macs } = summaryOf(model);
  const cells = [
    `[${name}](#${name})`,
    model.name,
    parameters.trainable.toLocaleString('en-US'),
    `${(macs / 1e9).toPrecision(3)} G`,
    sizesOf(model),
  ];
  return `| ${cells.join(' | ')} |`;
}

function renderSection(spec: ZooSpec): string {
  const { name, path, doc } = spec;
  return `## ${name}

${doc}

[${path}](../${path})

![${titleOf(spec)}](${pictureOf(name).replace('docs/', '')})
`;
}

function summaryOf(model: CompiledModel): ModelSummary {
  const { graph, sizes, unfolded } = model;
  const size = [sizes.height, sizes.width].map((axis) =>
    typeof axis.input === 'number' ? axis.input : legalAtLeast(axis, side)!,
  ) as [number, number];
  return summarise(graph, sizes, size, unfolded.lattice);
}

function sizesOf({ sizes: { height, width } }: CompiledModel): string {
  const [rows, columns] = [legalText(height).both, legalText(width).both];
  return rows === columns ? rows : `${rows} by ${columns}`;
}

async function formatted(text: string, path: string): Promise<string> {
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}
