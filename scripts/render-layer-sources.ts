import { readdirSync, readFileSync } from 'node:fs';
import { format } from 'prettier';
import ts from 'typescript';
import type { CopiedText } from '../src/codegen/tfjs/copied-texts.js';
import { customLayers } from '../src/codegen/tfjs/layers.js';

/**
 * Gathers the texts of the custom layers, and the declarations of `src/runtime/values` that
 * they read, for the emitter, which has no files at hand: without imports, for the emitted
 * module has TensorFlow.js, and without `export`, since its users need only the model.
 */
export function renderLayerSources(): Promise<string> {
  const name = 'layerSources';
  const doc = 'The source text of each layer that TensorFlow.js lacks, and of what it calls.';
  return render({ name, doc, codegen: '..' }, (text) => Promise.resolve(text));
}

/** The same as JavaScript, for the module beside a saved model. */
export function renderLayerModules(): Promise<string> {
  const name = 'layerModules';
  const doc = 'Each layer that TensorFlow.js lacks as JavaScript, and what it calls.';
  return render({ name, doc, codegen: '../../codegen' }, javaScript);
}

/** The classes by their names, for the program that makes layers of them. */
export function renderLayerClasses(): Promise<string> {
  const layers = Object.entries(customLayers);
  const text = [
    '// Made by `npm run generate` from src/codegen/tfjs/layer-table.ts; edits are lost.',
    ...layers.map(
      ([name, { file }]) => `import { ${name} } from './${file.replace('.ts', '.js')}';`,
    ),
    '',
    '/** Each layer class that TensorFlow.js lacks. */',
    `export const layerClasses = { ${layers.map(([name]) => name).join(', ')} } as const;`,
  ].join('\n');
  return laidOutAsTypeScript(text);
}

interface Table {
  readonly name: string;
  readonly doc: string;
  /** The way from the table to `src/codegen`. */
  readonly codegen: string;
}

async function render(
  { name, doc, codegen }: Table,
  convert: (text: string) => Promise<string>,
): Promise<string> {
  const sources = readdirSync('src/runtime/values').filter((file) => file.endsWith('.ts'));
  const declarations = sources.flatMap((file) => declarationsOf(`src/runtime/values/${file}`));
  const layers = Object.entries(customLayers).map(([className, { file }]) => {
    const parts = declarationsOf(`src/runtime/layers/${file}`);
    const text = parts.map((part) => part.text).join('\n\n');
    const names = parts.flatMap((part) => part.names);
    // The last words register the class, which they follow without a gap.
    return { className, text: text.replace(/\n+(?=tf\.serialization)/, '\n'), names };
  });
  const all = [...declarations, ...layers].flatMap(({ names }) => names);
  const twice = all.find((each, at) => all.indexOf(each) !== at);
  if (twice !== undefined) throw new Error(`two texts that are copied declare "${twice}"`);
  const values = await Promise.all(
    declarations.map(async (each) => ({ ...each, text: await convert(each.text) })),
  );
  // Types are nothing in JavaScript.
  const kept = values.filter(({ text }) => text !== '');
  const known = new Set(kept.flatMap(({ names }) => names));
  const classes = await Promise.all(
    layers.map(async (each) => ({ ...each, text: await convert(each.text) })),
  );
  const entry = (key: string, { text, names }: Declaration): [string, CopiedText] => {
    const reads = wordsOf(text).filter((word) => known.has(word) && !names.includes(word));
    return [key, { text, names, reads }];
  };
  const table = {
    classes: Object.fromEntries(classes.map((each) => entry(each.className, each))),
    values: Object.fromEntries(kept.map((each) => entry(each.names[0]!, each))),
  };
  const text = [
    '// Made by `npm run generate` from src/runtime/layers and src/runtime/values; edits are lost.',
    `import type { LayerTexts } from '${codegen}/tfjs/copied-texts.js';`,
    '',
    `/** ${doc} */`,
    `export const ${name}: LayerTexts = ${JSON.stringify(table)};`,
  ].join('\n');
  return laidOutAsTypeScript(text);
}

const laidOutAsTypeScript = (text: string): Promise<string> =>
  format(text, { parser: 'typescript', singleQuote: true, printWidth: 100 });

interface Declaration {
  readonly text: string;
  readonly names: readonly string[];
}

/** The statements of a file but its imports, each with its comment; without `export`. */
function declarationsOf(file: string): readonly Declaration[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.ES2022,
    true,
  );
  return source.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement)) return [];
    const text = statement.getFullText(source).trim();
    return [{ text: text.replace(/^export /gm, ''), names: namesOf(statement) }];
  });
}

/** What a statement declares. */
function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name ? [statement.name.text] : [];
}

/** The identifiers of a text, each once. */
function wordsOf(text: string): readonly string[] {
  const source = ts.createSourceFile('text.ts', text, ts.ScriptTarget.ES2022, true);
  const words = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) words.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...words];
}

async function javaScript(text: string): Promise<string> {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  // The compiler drops empty lines; comments bring them through. A module's types leave nothing.
  const source = `${text.replace(/^$/gm, '//:')}\nexport {};`;
  const script = ts.transpileModule(source, { compilerOptions }).outputText;
  const bare = script.replace(/^\s*\/\/:$/gm, '').replace(/^export \{\};$/gm, '');
  const laidOut = await format(bare, { parser: 'babel', singleQuote: true, printWidth: 100 });
  return laidOut.trim();
}

/** Where that text lies. */
export const layerModulesPath = 'src/runtime/exports/layer-modules.generated.ts';

/** Where the classes by their names lie. */
export const layerClassesPath = 'src/runtime/layers/layer-classes.generated.ts';

/** Where the text for emitters lies. */
export const layerSourcesPath = 'src/codegen/typescript/layer-sources.generated.ts';
