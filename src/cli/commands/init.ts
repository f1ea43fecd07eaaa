import { join, resolve } from 'node:path';
import { shellWord } from '../../files/index.js';
import { hasErrors, type Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import { defineCommand } from '../command.js';
import type { CommandContext } from '../context.js';
import { writeOutput } from '../output-files.js';
import { readPackageFile } from '../package-file.js';
import { nowhere, reportDiagnostics, reportUsage, wholeFile } from '../report.js';
import { renderColumns } from '../table.js';
import { zoo } from '../zoo.generated.js';

/** What `init` can write. */
interface Template {
  readonly summary: string;
  /** The path of the spec in the package. */
  readonly source: string;
  /** The name of the written spec. */
  readonly spec: string;
  /** Where it is written unless the call says. */
  readonly folder: string;
  /** Whether images to train on are drawn beside it. */
  readonly hasData: boolean;
}

const templates: Readonly<Record<string, Template>> = {
  demo: {
    summary: 'a spec, and drawn microscopy images to train it on',
    source: 'specs/templates/demo.unet',
    spec: 'cells.unet',
    folder: 'demo',
    hasData: true,
  },
  minimal: {
    summary: 'the smallest spec that trains',
    source: 'specs/templates/minimal.unet',
    spec: 'net.unet',
    folder: '.',
    hasData: false,
  },
  unet: {
    summary: 'a U-Net with its recipe, to be fitted to your data',
    source: 'specs/templates/unet.unet',
    spec: 'unet.unet',
    folder: '.',
    hasData: false,
  },
};

/** A spec of the zoo as it is, under its own name. */
const ofZoo = ([name, { spec, title }]: readonly [string, (typeof zoo)[string]]): readonly [
  string,
  Template,
] => [name, { summary: title, source: spec, spec: `${name}.unet`, folder: '.', hasData: false }];

const known: Readonly<Record<string, Template>> = {
  ...templates,
  ...Object.fromEntries(Object.entries(zoo).map(ofZoo)),
};

/** `unetc init [TEMPLATE] [DIR]`: writes a spec to start from. */
export const initCommand = defineCommand({
  name: 'init',
  description:
    'Writes a spec to start from. Nothing is ever replaced.\n' +
    [
      ...Object.entries(templates).map(([name, { summary }]) => [name, summary] as const),
      ['linknet', 'and other networks of papers, which "unetc init --list" names'] as const,
    ]
      .map(([name, summary]) => `  ${name.padEnd(8)} ${summary}`)
      .join('\n'),
  arguments: [
    {
      name: 'TEMPLATE',
      help: `${Object.keys(templates).join(', ')} or a network; demo unless given`,
      optional: true,
    },
    { name: 'DIR', help: 'the folder to write to', optional: true },
  ],
  options: { list: { kind: 'flag', help: 'print every name with what it is, and write nothing' } },
  examples: [
    { call: 'unetc init demo', remark: 'into the folder demo, with the next commands' },
    { call: 'unetc init linknet', remark: 'linknet.unet, a network of a paper' },
    { call: 'unetc init unet nets', remark: 'nets/unet.unet' },
  ],
  async run({ arguments: [name = 'demo', folder], options }, context) {
    if (options.list) {
      const rows = Object.entries(known).map(([each, { summary }]) => [each, summary]);
      context.stdout.write(renderColumns(rows, ['left', 'left']));
      return 0;
    }
    const template = Object.hasOwn(known, name) ? known[name] : undefined;
    if (template === undefined) return reportUnknown(name, context);
    const target = folder ?? template.folder;
    const text = readPackageFile(template.source);
    if (text === undefined) throw new Error(`the package lacks its template "${template.source}"`);
    const spec = join(target, template.spec);
    const data = join(target, 'data');
    const readme = join(target, 'README.md');
    const planned = template.hasData ? [spec, data, readme] : [spec];
    const problems = checkNew(planned, context);
    if (problems.length > 0) return reportDiagnostics(problems, context);
    const written: Diagnostic[] = [];
    if (template.hasData) {
      const { generateDemo } = await import('../../runtime/demo/generate-demo.js');
      written.push(...(await generateDemo(resolve(context.folder, data))));
    }
    const calls = describeCalls(target, spec, template);
    if (!hasErrors(written)) written.push(...writeOutput(spec, text, context));
    if (!hasErrors(written) && template.hasData) {
      written.push(...writeOutput(readme, renderReadme(calls), context));
    }
    if (written.length > 0) return reportDiagnostics(written, context);
    for (const path of planned) context.stdout.line(path);
    context.stderr.write('\nNext:\n');
    for (const call of calls) context.stderr.line(`  ${call}`);
    return 0;
  },
});

function reportUnknown(name: string, context: CommandContext): 2 {
  const names = Object.keys(templates).map((each) => `"${each}"`);
  const meant = didYouMean(name, Object.keys(known));
  const help = [
    ...(meant === undefined ? [] : [meant]),
    '"unetc init --list" names the networks of papers.',
  ];
  return reportUsage(
    [
      createDiagnostic(
        'template-unknown',
        { name, known: names.join(', ') },
        { at: nowhere, help },
      ),
    ],
    context,
    'init',
  );
}

function checkNew(paths: readonly string[], context: CommandContext): readonly Diagnostic[] {
  const reporter = new Reporter();
  for (const path of paths) {
    if (context.host.kindOf(path) === 'missing') continue;
    const help = ['Name another folder: "unetc init TEMPLATE DIR".'];
    reporter.report('init-file-exists', { path }, { at: wholeFile(path), help });
  }
  return reporter.diagnostics;
}

function describeCalls(target: string, spec: string, { hasData }: Template): readonly string[] {
  if (!hasData) {
    const word = shellWord(spec);
    return [`npx unetc check ${word}`, `npx unetc train ${word} --data DIR --out RUN`];
  }
  const at = (name: string): string => shellWord(join(target, name));
  return [
    `npx unetc train ${shellWord(spec)} --data ${at('data')} --out ${at('run')}`,
    `npx unetc eval ${at('run')} --data ${at('data')}`,
    `npx unetc predict ${at('run')} ${at('data/val')} --out ${at('painted')}`,
  ];
}

function renderReadme(calls: readonly string[]): string {
  const [train, evaluate, predict] = calls;
  return `# Demo

\`cells.unet\` describes a small U-Net; \`data\` holds drawn microscopy images of cells with
their masks, 40 to train on and 10 to validate with.

Train it, about a minute on two cores:

\`\`\`sh
${train}
\`\`\`

See how well it does, image by image:

\`\`\`sh
${evaluate}
\`\`\`

Paint the cells of the validation images; look at the files that end in \`.overlay.png\`:

\`\`\`sh
${predict}
\`\`\`

Then change \`cells.unet\`: another \`base\`, another loss, one level more. \`npx unetc check\`
says what does not fit before anything is trained.
`;
}
