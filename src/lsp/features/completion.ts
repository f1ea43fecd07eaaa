import { ownValue } from '../../diagnostics/own-value.js';
import {
  CompletionItemKind,
  InsertTextFormat,
  type CompletionItem,
  type Position,
} from 'vscode-languageserver';
import { dirname, posix } from 'node:path';
import type { OptionDeclaration, OptionSchema } from '../../catalog/component.js';
import { componentNames, findComponent } from '../../catalog/index.js';
import { nestedSlotName, sectionFields, slotNames } from '../../catalog/sections.js';
import { libraryPrefix, locateImport } from '../../frontend/declarations/import-path.js';
import { functionNames } from '../../frontend/values/functions.js';
import { standardLibrary } from '../../std/sources.generated.js';
import { offsetAt, rangeOf } from '../positions.js';
import type { SpecSymbol, SymbolKind } from '../symbols/symbol.js';
import { describeComponent, describeDeclaration, describeOption, findAmong } from './components.js';
import { cursorAt, familiesAt, type Cursor, type OpenBracket } from './cursor.js';
import { scopeAt, type FeatureContext } from './feature.js';

/** What can stand at a position: members of a section, layers and tensors, options and their values, imports. */
export function complete(context: FeatureContext, at: Position): readonly CompletionItem[] {
  const { analysis } = context;
  const cursor = cursorAt(analysis, offsetAt(analysis.source, at));
  if (cursor.isText) return [];
  const items = itemsAt(context, cursor, at);
  const range = rangeOf(analysis.source, {
    start: cursor.offset - cursor.prefix.length,
    end: cursor.offset,
  });
  return items.map(({ insertText, ...item }) => ({
    ...item,
    textEdit: { range, newText: insertText ?? item.label },
  }));
}

function itemsAt(context: FeatureContext, cursor: Cursor, at: Position): readonly CompletionItem[] {
  if (cursor.importing === 'path') return importPaths(context);
  if (cursor.importing === 'names') return importedNames(context, cursor);
  const inner = cursor.open.at(-1);
  if (inner === undefined) return cursor.isMember ? topLevel : [];
  if (inner.bracket === '{' && cursor.isMember) return members(context, cursor, inner);
  const call = cursor.open.findLast(({ bracket }) => bracket !== '[');
  const isInCall = call?.bracket === '(' && call.words[0] !== undefined && call.words[0] !== '';
  return [
    ...(isInCall ? callItems(context, cursor, call) : fieldValues(cursor)),
    ...values(context, cursor, at, !isInCall || takesStage(context, call)),
  ];
}

/** Whether the parameter at hand takes a pipeline of layers. */
function takesStage(
  { analysis }: FeatureContext,
  { words: [name = ''], argument }: OpenBracket,
): boolean {
  const block = analysis.compilation.files[0]!.blocks.get(name);
  const parameter = block?.parameters.find((each) => each.name.text === argument);
  return parameter?.type?.kind === 'named' && parameter.type.name.text === 'stage';
}

const keyword = (label: string, detail: string, snippet?: string): CompletionItem => ({
  label,
  detail,
  kind: CompletionItemKind.Keyword,
  ...(snippet === undefined
    ? {}
    : { insertText: snippet, insertTextFormat: InsertTextFormat.Snippet }),
});

const topLevel: readonly CompletionItem[] = [
  keyword(
    'model',
    'a network',
    'model ${1:UNet}(classes: int = 1) {\n  input image: [H, W, ${2:3}]\n  $0\n}',
  ),
  keyword('block', 'layers by a name', 'block ${1:name}(${2:c: int}) = ${0:conv(c, 3) -> relu}'),
  keyword('encoder', 'an encoder with taps', 'encoder ${1:name}() {\n  tap s1 = in -> $0\n}'),
  keyword('train', 'how a model is trained', 'train ${1:UNet} {\n  loss: ${2:bce}\n  $0\n}'),
  keyword('import', 'blocks and encoders of another file', 'import $2 from "${1:std/resnet}"'),
];

/** What a model holds. */
const modelSections: readonly CompletionItem[] = [
  keyword('input', 'the image', 'input ${1:image}: [H, W, ${2:3}]'),
  keyword(
    'encoder',
    'the way down',
    'encoder plain {\n  widths: ${1:64 * [1, 2, 4, 8, 16]}\n  stage: ${2:double_conv(width)}\n  down: max_pool(2)\n}',
  ),
  keyword('skip', 'what the decoder merges', 'skip ${1|plain,nested,full_scale,none|}$0'),
  keyword(
    'decoder',
    'the way up',
    'decoder {\n  up: ${1:conv_transpose(width, 2, stride: 2)}\n  stage: ${2:double_conv(width)}\n}',
  ),
  keyword('wires', 'tensors written out', 'wires {\n  $0\n}'),
  keyword('head', 'an output', 'head ${1:mask}: ${0:conv(classes, 1)}'),
];

/** Fields of the sections of a model, with a sentence each. */
const schemeFields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'encoder plain': {
    widths: 'channels of each level, the top first',
    stage: 'what each level does',
    down: 'what leads to the next level',
  },
  'skip plain': { merge: 'how skip and up become one', align: 'how their sizes are made equal' },
  'skip nested': {
    earlier: 'which earlier nodes of the level are merged',
    merge: 'how skips and up become one',
    align: 'how their sizes are made equal',
  },
  'skip full_scale': {
    branch: 'what every merged tensor passes',
    down: 'what brings larger tensors down',
    merge: 'how branches become one',
    align: 'how their sizes are made equal',
  },
  decoder: { widths: 'channels of each level', up: 'what leads up', stage: 'what each level does' },
  head: {
    supervise: 'which tensors have an output of their own',
    weights: 'the part of each output in the loss',
    predict: 'the main output, or the mean of all',
    when: 'whether the head exists',
  },
};

/** Fields of `train` that take components. */
const trainComponents: Readonly<Record<string, string>> = {
  loss: 'what is minimised',
  metrics: 'what is measured; the first decides which epoch is best',
  optimizer: 'how weights move',
  schedule: 'how the learning rate goes',
  augment: 'what is done to images and masks',
  sizes: 'what happens to images of other sizes',
  scaling: 'what the values of images become',
};

const field = (label: string, detail: string): CompletionItem => ({
  label,
  detail,
  kind: CompletionItemKind.Field,
  insertText: `${label}: `,
});

const fieldsOf = (
  options: Readonly<Record<string, OptionDeclaration>>,
): readonly CompletionItem[] =>
  Object.entries(options).map(([name, option]) => ({
    ...field(name, describeOption(option)),
    documentation: option.doc,
  }));

/** What can begin a line of the section around a cursor. */
function members(
  { analysis }: FeatureContext,
  { open }: Cursor,
  { words }: OpenBracket,
): readonly CompletionItem[] {
  const [word = '', name = ''] = words;
  if (word === 'model') return modelSections;
  if (word === 'train') {
    return [
      ...Object.entries(trainComponents).map(([label, detail]) => field(label, detail)),
      ...fieldsOf(sectionFields.train.options),
    ];
  }
  if (word === 'block' || (word === 'encoder' && open.length === 1) || word === 'for') {
    return [
      ...(word === 'block' ? [] : [keyword('tap', 'a tensor that leaves', 'tap ${1:s1} = $0')]),
      keyword('let', 'a name for data', 'let ${1:width} = $0'),
      keyword('for', 'lines once for each item', 'for ${1:i} in range(${2:2}) {\n  $0\n}'),
      keyword('names', 'names in files of weights', 'names ${1:torchvision} { $0 }'),
      ...(word === 'encoder'
        ? [
            keyword(
              'scaling',
              'how images are scaled for published weights',
              'scaling ${1:torchvision}: ${0:imagenet}',
            ),
          ]
        : []),
      ...(word === 'block' ? [keyword('out', 'what the block gives', 'out = in -> $0')] : []),
    ];
  }
  if (word === 'level')
    return members({ analysis } as FeatureContext, { open } as Cursor, open.at(-2)!);
  const declared =
    word === 'encoder' ? analysis.compilation.files[0]!.blocks.encoder(name) : undefined;
  if (declared !== undefined) {
    return [
      ...declared.parameters.map((parameter) =>
        field(parameter.name.text, 'a parameter of the encoder'),
      ),
      field('taps', `its levels, of ${declared.taps.join(', ')}`),
      ...fieldsOf(sectionFields.encoder.options),
    ];
  }
  const known = ownValue(schemeFields, `${word} ${name}`) ?? ownValue(schemeFields, word) ?? {};
  const hasLevels = word === 'encoder' || word === 'skip' || word === 'decoder';
  return [
    ...Object.entries(known).map(([label, detail]) => field(label, detail)),
    ...(hasLevels ? [keyword('level', 'fields of single levels', 'level ${1:2} { $0 }')] : []),
  ];
}

/** Options of the component or parameters of the block that is called, and values of the option at hand. */
function callItems(
  { analysis }: FeatureContext,
  cursor: Cursor,
  { words: [name = ''], argument, commas }: OpenBracket,
): readonly CompletionItem[] {
  const block = analysis.compilation.files[0]!.blocks.get(name);
  if (block !== undefined) {
    const parameter = block.parameters.find((each) => each.name.text === argument);
    if (parameter?.type?.kind === 'choice')
      return parameter.type.options.map(({ text }) => word(text));
    if (argument !== undefined) return [];
    return block.parameters.map((each) => field(each.name.text, `a parameter of "${name}"`));
  }
  const component = findAmong(familiesAt(cursor), name);
  if (component === undefined) return [];
  const option = argument ?? component.positional[commas];
  const schema = option === undefined ? undefined : ownValue(component.options, option)?.schema;
  const allowed = schema === undefined || schema === 'tensor' ? [] : wordsOf(schema).map(word);
  return argument === undefined ? [...allowed, ...fieldsOf(component.options)] : allowed;
}

const word = (label: string): CompletionItem => ({ label, kind: CompletionItemKind.EnumMember });

/** The words that a schema allows. */
function wordsOf(schema: OptionSchema): readonly string[] {
  const own = schema.type === 'boolean' ? ['true', 'false'] : (schema.enum ?? []);
  return [...own, ...(schema.anyOf ?? []).flatMap(wordsOf)];
}

/** The words that a field allows. */
function fieldValues({ field: name, open }: Cursor): readonly CompletionItem[] {
  const [section = ''] = open.findLast(({ bracket }) => bracket === '{')?.words ?? [];
  if (name === undefined) return [];
  const choices: Readonly<Record<string, readonly string[]>> = {
    'head supervise': ['all', 'none'],
    'head predict': ['main', 'average'],
    'head weights': ['equal'],
    'skip earlier': ['all', 'first', 'last'],
    'skip align': ['none', 'crop', 'pad', 'resize'],
  };
  const table: Readonly<
    Record<string, { readonly options: Readonly<Record<string, OptionDeclaration>> }>
  > = sectionFields;
  const schema = ownValue(ownValue(table, section)?.options ?? {}, name)?.schema;
  const own = schema === undefined || schema === 'tensor' ? [] : wordsOf(schema);
  return [...own, ...(choices[`${section} ${name}`] ?? [])].map(word);
}

const kinds: Readonly<Record<SymbolKind, CompletionItemKind>> = {
  model: CompletionItemKind.Class,
  block: CompletionItemKind.Function,
  encoder: CompletionItemKind.Module,
  parameter: CompletionItemKind.Variable,
  value: CompletionItemKind.Constant,
  input: CompletionItemKind.Variable,
  tensor: CompletionItemKind.Variable,
  tap: CompletionItemKind.Variable,
  head: CompletionItemKind.Variable,
};

/** The names that some slot of a scheme knows. */
const slotWords = [
  ...new Set(Object.values(slotNames).flatMap((fields) => Object.values(fields).flat())),
  nestedSlotName,
];

/**
 * Names in scope and functions; where a flow of tensors can stand, blocks and components, too.
 * A recipe knows neither tensors nor blocks: there are only components and functions.
 */
function values(
  context: FeatureContext,
  cursor: Cursor,
  at: Position,
  isFlow: boolean,
): readonly CompletionItem[] {
  const { analysis } = context;
  const { blocks } = analysis.compilation.files[0]!;
  const families = familiesAt(cursor);
  const hasLayers = families.includes('layer');
  const scope = hasLayers ? scopeAt(analysis, at) : undefined;
  const own = (scope?.all ?? []).map((symbol: SpecSymbol): CompletionItem => ({
    label: symbol.name,
    detail: symbol.what,
    kind: kinds[symbol.kind],
    ...(symbol.doc === undefined ? {} : { documentation: symbol.doc }),
  }));
  const callable = (isFlow && hasLayers ? blocks.names : []).map((name): CompletionItem => {
    const block = blocks.get(name)!;
    const detail = describeDeclaration(block);
    return { label: name, detail, kind: CompletionItemKind.Function, ...documented(block.doc) };
  });
  const components = (isFlow ? families : []).flatMap((family) =>
    componentNames(family).map((name): CompletionItem => {
      const component = findComponent(family, name)!;
      const value = describeComponent(name, component);
      return {
        label: name,
        detail: family.replace('_', ' '),
        kind: CompletionItemKind.Function,
        documentation: { kind: 'markdown', value },
      };
    }),
  );
  const functions = functionNames.map((name): CompletionItem => ({
    label: name,
    detail: 'function',
    kind: CompletionItemKind.Operator,
  }));
  const isScheme = cursor.open.some(({ words: [first] }) =>
    ['encoder', 'skip', 'decoder'].includes(first ?? ''),
  );
  const slots = isScheme ? slotWords.map((label) => keyword(label, 'of the level')) : [];
  const seen = new Set<string>();
  return [...own, ...callable, ...slots, ...components, ...functions].filter(({ label }) => {
    const isNew = !seen.has(label);
    seen.add(label);
    return isNew;
  });
}

const documented = (doc: string | undefined): { readonly documentation?: string } =>
  doc === undefined ? {} : { documentation: doc };

/** Files that can be imported: of the standard library, and of the project. */
function importPaths({ analysis, workspace }: FeatureContext): readonly CompletionItem[] {
  const here = dirname(analysis.source.path);
  const library = Object.keys(standardLibrary).map((path) => path.replace(/\.unet$/, ''));
  const own = workspace
    .project(analysis.uri, '')
    .filter(({ uri }) => uri !== analysis.uri)
    .map(({ source }) => posix.relative(here, source.path).replace(/\.unet$/, ''))
    .map((path) => (path.startsWith('.') ? path : `./${path}`));
  return [...library, ...own].map((label) => ({ label, kind: CompletionItemKind.File }));
}

/** What the file behind `from` declares, if that is written already. */
function importedNames(
  { analysis, workspace }: FeatureContext,
  { offset }: Cursor,
): readonly CompletionItem[] {
  const { source } = analysis;
  const line = source.lineText(source.position(offset).line);
  const written = /\bfrom\s*"([^"]*)"/.exec(line)?.[1];
  const path = written === undefined ? undefined : locateImport(source.path, written);
  const names = (file: string): readonly string[] => {
    const text = file.startsWith(libraryPrefix) ? ownValue(standardLibrary, file) : undefined;
    const other = workspace.analyse(workspace.uriOf(file) ?? '')?.compilation;
    if (text !== undefined)
      return [...text.matchAll(/^(?:block|encoder) (\w+)/gm)].map(([, name]) => name!);
    return (other?.files[0]?.blocks.declarations ?? []).map(({ name }) => name.text);
  };
  const all = path === undefined ? Object.keys(standardLibrary).flatMap(names) : names(path);
  return all.map((label) => ({ label, kind: CompletionItemKind.Reference }));
}
