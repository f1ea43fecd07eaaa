import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { apiFolder, readApi, renderApi, type ApiEntry } from '../../scripts/render-api.js';
import { callCli } from '../cli/run-cli.js';
import { blocksIn, blocksOf, runExample } from './page-blocks.js';

/** The reference of the API, and the examples in doc comments and on the page of Node.js. */

// Inside the checkout, so that packages are found.
const folder = resolve('.tmp', `api-${process.pid}`);
let api: ReadonlyMap<string, readonly ApiEntry[]>;
beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  api = readApi();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the reference is what the doc comments say: after a change run "npm run generate"', async () => {
  const pages = await renderApi(api);
  expect([...pages.keys()].map((path) => path.slice(apiFolder.length + 1)).sort()).toEqual(
    readdirSync(apiFolder).sort(),
  );
  for (const [path, text] of pages) expect(readFileSync(path, 'utf8')).toBe(text);
});

test('everything that is exported has a doc comment', () => {
  const bare = [...api.values()].flat().filter(({ about }) => about === '');
  expect(bare.map(({ name, file }) => `${name} in ${file}`)).toEqual([]);
});

// Which examples there are has to be known before the first test; the pages hold them.
const examples = readdirSync(apiFolder)
  .flatMap((page) => {
    const text = readFileSync(join(apiFolder, page), 'utf8');
    return text.split(/^### /m).map((section) => ({
      name: section.slice(0, section.indexOf('\n')),
      blocks: blocksIn(section).filter(({ printed }) => printed !== undefined),
    }));
  })
  .flatMap(({ name, blocks }) => blocks.map((block) => ({ name, block })));

describe('examples', () => {
  test('are those of the doc comments', () => {
    const entries = new Set([...api.values()].flat().filter((entry) => entry.examples.length > 0));
    const named = new Set([...entries].map(({ name }) => name));
    expect(new Set(examples.map(({ name }) => name))).toEqual(named);
    expect(named.size).toBeGreaterThan(15);
  });

  test.each(examples)('the one of $name runs, and prints what it shows', ({ name, block }) => {
    const place = join(folder, name);
    mkdirSync(place);
    expect(runExample(block, place)).toBe(block.printed);
  });

  test('pass the compiler', async () => {
    const place = join(folder, 'typed');
    mkdirSync(place);
    // What the page of Node.js has made by the example before.
    expect(await callCli(['init', 'demo', 'demo'], { folder: place })).toMatchObject({ code: 0 });
    const words = ['build', 'demo/cells.unet', '--out', 'cells.ts'];
    expect(await callCli(words, { folder: place })).toMatchObject({ code: 0 });
    const page = blocksOf('docs/node.md').filter(({ language }) => language === 'ts');
    const files = [...page, ...examples.map(({ block }) => block)].map(({ code }, at) => {
      const file = join(place, `example-${at}.ts`);
      writeFileSync(file, code);
      return file;
    });
    expect(problemsIn(files)).toEqual([]);
  }, 120_000);

  test('that are wrong do not', () => {
    const file = join(folder, 'wrong.ts');
    writeFileSync(file, "import { compile } from 'unetc';\nconsole.log(compile({ text: 1 }));\n");
    expect(problemsIn([file])).toEqual([
      expect.stringContaining("Type 'number' is not assignable"),
    ]);
  }, 120_000);
});

/** What the compiler says of programs that import the package. */
function problemsIn(files: readonly string[]): readonly string[] {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8')) as {
    readonly config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.'));
  const paths = {
    unetc: [resolve('src/index.ts')],
    'unetc/runtime': [resolve('src/runtime/index.ts')],
  };
  const program = ts.createProgram(files, { ...options, paths });
  return files.flatMap((file) => {
    const source = program.getSourceFile(file)!;
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  });
}
