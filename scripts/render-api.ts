import { readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { format } from 'prettier';
import ts from 'typescript';

/** Where the reference is. */
export const apiFolder = 'docs/api';

/** An entry point of the package: how it is imported, and its source. */
interface EntryPoint {
  readonly name: string;
  readonly source: string;
  readonly page: string;
  readonly about: string;
}

const entryPoints: readonly EntryPoint[] = [
  {
    name: 'unetc',
    source: 'src/index.ts',
    page: 'unetc.md',
    about: 'The compiler: pure functions, the same in Node.js and in web pages.',
  },
  {
    name: 'unetc/runtime',
    source: 'src/runtime/index.ts',
    page: 'runtime.md',
    about: 'Training and prediction, in Node.js.',
  },
  {
    name: 'unetc/page',
    source: 'src/runtime/page.ts',
    page: 'page.md',
    about: 'Training and prediction in web pages that have WebGPU.',
  },
];

/** Something that an entry point exports. */
export interface ApiEntry {
  readonly name: string;
  readonly kind: Kind;
  /** The declaration without its comment and its body. */
  readonly declaration: string;
  /** What the doc comment says, as paragraphs of Markdown; empty where there is none. */
  readonly about: string;
  /** Parameters with a sentence of their own. */
  readonly parameters: readonly (readonly [name: string, about: string])[];
  /** Fences of Markdown. */
  readonly examples: readonly string[];
  /** The file that declares it, which tells equal names apart. */
  readonly file: string;
}

const kinds = ['function', 'class', 'constant', 'type'] as const;
type Kind = (typeof kinds)[number];
const titles: Readonly<Record<Kind, string>> = {
  function: 'Functions',
  class: 'Classes',
  constant: 'Constants',
  type: 'Types',
};

/** The API of the package, by its entry points. */
export function readApi(): ReadonlyMap<string, readonly ApiEntry[]> {
  const config = ts.readConfigFile('tsconfig.build.json', (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, resolve('.'));
  const program = ts.createProgram(
    entryPoints.map(({ source }) => resolve(source)),
    { ...options, rootDir: resolve('src'), outDir: resolve('out') },
  );
  const checker = program.getTypeChecker();
  const emitted = new Map<string, ts.SourceFile>();
  return new Map(
    entryPoints.map(({ name, source }) => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(resolve(source))!)!;
      const exported = checker.getExportsOfModule(module).map((symbol) => {
        const own = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
        const file = own.declarations![0]!.getSourceFile();
        const declared = emitted.get(file.fileName) ?? emitDeclarations(program, file);
        emitted.set(file.fileName, declared);
        return entryOf(symbol.name, file.fileName, declared);
      });
      return [name, exported.sort(byName)];
    }),
  );
}

const byName = (one: ApiEntry, other: ApiEntry): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : 0;

/** What a file declares, as other programs see it. */
function emitDeclarations(program: ts.Program, file: ts.SourceFile): ts.SourceFile {
  let found: ts.SourceFile | undefined;
  const keep: ts.WriteFileCallback = (path, text) => {
    found = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  };
  program.emit(file, keep, undefined, true);
  return found!;
}

function entryOf(name: string, file: string, declared: ts.SourceFile): ApiEntry {
  const statements = declared.statements.filter((each) => namesOf(each).includes(name));
  const [statement] = statements;
  if (statement === undefined) throw new Error(`"${name}" is not declared in ${file}`);
  const [comment] = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc);
  const tags = comment?.tags ?? [];
  const textOf = (text: string | ts.NodeArray<ts.JSDocComment> | undefined): string =>
    ts.getTextOfJSDocComment(text)?.trim() ?? '';
  return {
    name,
    kind: kindOf(statement),
    declaration: statements.map((each) => shownText(each, declared)).join('\n'),
    about: textOf(comment?.comment),
    parameters: tags.flatMap((tag) =>
      ts.isJSDocParameterTag(tag)
        ? [[tag.name.getText(declared), textOf(tag.comment)] as const]
        : [],
    ),
    examples: tags
      .filter(({ tagName }) => tagName.text === 'example')
      .map((tag) => textOf(tag.comment)),
    file: relative(resolve('.'), file).split(sep).join('/'),
  };
}

/** A declaration without what no other program can use. */
const shownText = (statement: ts.Statement, file: ts.SourceFile): string =>
  statement
    .getText(file)
    .replace(/^export (declare )?/, '')
    .replace(/^ *#private;\n/m, '');

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function kindOf(statement: ts.Statement): Kind {
  if (ts.isFunctionDeclaration(statement)) return 'function';
  if (ts.isClassDeclaration(statement)) return 'class';
  if (!ts.isVariableStatement(statement)) return 'type';
  const [{ type } = { type: undefined }] = statement.declarationList.declarations;
  return type !== undefined && ts.isFunctionTypeNode(type) ? 'function' : 'constant';
}

/** The pages of the reference, by their paths. Equal sources give equal bytes. */
export async function renderApi(
  api: ReadonlyMap<string, readonly ApiEntry[]>,
): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  const shown = new Map<string, string>();
  for (const { name, page, about } of entryPoints) {
    const entries = api.get(name)!;
    const own = entries.filter((entry) => !shown.has(keyOf(entry)));
    const known = entries.filter((entry) => shown.has(keyOf(entry)));
    const text = [
      `# ${name}`,
      '',
      '<!-- Generated from doc comments by "npm run generate"; do not edit. -->',
      '',
      about,
      ...kinds.flatMap((kind) =>
        sectionOf(
          titles[kind],
          own.filter((each) => each.kind === kind),
        ),
      ),
      ...alsoOf(known, shown),
    ].join('\n');
    for (const entry of own) shown.set(keyOf(entry), page);
    const path = join(apiFolder, page).split(sep).join('/');
    pages.set(path, await format(text, { parser: 'markdown', singleQuote: true, printWidth: 100 }));
  }
  pages.set(`${apiFolder}/README.md`, await format(indexOf(api), { parser: 'markdown' }));
  return pages;
}

const keyOf = ({ name, file }: ApiEntry): string => `${file} ${name}`;
const linkTo = (name: string, page = ''): string => `[\`${name}\`](${page}#${name.toLowerCase()})`;

function sectionOf(title: string, entries: readonly ApiEntry[]): readonly string[] {
  if (entries.length === 0) return [];
  return ['', `## ${title}`, ...entries.flatMap(describe)];
}

/** Declarations of more lines are tables of the program, whose text nobody reads here. */
const mostLines = 90;

function describe(entry: ApiEntry): readonly string[] {
  const { name, declaration, about, parameters, examples, file } = entry;
  const isLong = declaration.split('\n').length > mostLines;
  const shown = isLong ? `const ${name}: object; // declared in ${file}` : declaration;
  return [
    '',
    `### ${name}`,
    '',
    about,
    '',
    '```ts',
    shown,
    '```',
    ...(parameters.length === 0 ? [] : ['']),
    ...parameters.map(([parameter, text]) => `- \`${parameter}\`: ${text.replace(/\s+/g, ' ')}`),
    ...examples.flatMap((example) => ['', example]),
  ];
}

function alsoOf(
  entries: readonly ApiEntry[],
  shown: ReadonlyMap<string, string>,
): readonly string[] {
  if (entries.length === 0) return [];
  const links = entries.map((entry) => linkTo(entry.name, shown.get(keyOf(entry))));
  return ['', '## Also here', '', `As of the other entry points: ${links.join(', ')}.`];
}

function indexOf(api: ReadonlyMap<string, readonly ApiEntry[]>): string {
  const lines = entryPoints.flatMap(({ name, page, about }) => {
    const functions = api.get(name)!.filter(({ kind }) => kind === 'function');
    const links = functions.map((entry) => `\`${entry.name}\``);
    return [`## [${name}](${page})`, '', about, '', `${links.join(', ')}.`, ''];
  });
  return [
    '# The API',
    '',
    '<!-- Generated from doc comments by "npm run generate"; do not edit. -->',
    '',
    'What the package exports, from the doc comments of its sources. Examples are checked by the',
    'TypeScript compiler and run by the tests. [In Node.js](../node.md), [in a web page](../web-page.md)',
    'and [as a library](../library.md) show how the parts belong together.',
    '',
    ...lines,
  ].join('\n');
}
