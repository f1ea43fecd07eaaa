import * as prettier from 'prettier';
import type {
  ComponentDeclaration,
  Family,
  OptionDeclaration,
  OptionSchema,
} from '../src/catalog/component.js';
import { catalog } from '../src/catalog/index.js';
import { describeSchema } from '../src/catalog/validate.js';

/** Headings of the reference page, in its order. */
const headings: Readonly<Record<Family, string>> = {
  layer: 'Layers',
  loss: 'Losses',
  weight_map: 'Weight maps',
  metric: 'Metrics',
  optimizer: 'Optimizers',
  schedule: 'Schedules',
  clipping: 'Clippings of gradients',
  augmentation: 'Augmentations',
  size_policy: 'Size policies',
  scaling: 'Scalings',
  pairing: 'Pairings',
  split: 'Splits',
  post_step: 'Post-processing',
  separation: 'Objects',
  target: 'Targets of heads',
  section: 'Plain fields of sections',
};

export const markers = {
  start: '<!-- components: generated from src/catalog by scripts/generate-docs.ts -->',
  end: '<!-- /components -->',
} as const;

/** The reference page with its component tables written anew from the catalogue. */
export async function renderReference(page: string): Promise<string> {
  const [before, after] = [page.indexOf(markers.start), page.indexOf(markers.end)];
  if (before === -1 || after < before) throw new Error('The page has lost its markers.');
  const text = `${page.slice(0, before + markers.start.length)}\n\n${renderComponents()}\n${page.slice(after)}`;
  return prettier.format(text, { parser: 'markdown', singleQuote: true, printWidth: 100 });
}

/** One table for each family: a row for each component, below it a row for each option. */
function renderComponents(): string {
  return Object.entries(catalog)
    .map(([family, table]) => {
      const rows = Object.entries(table as Readonly<Record<string, ComponentDeclaration>>).flatMap(
        ([name, component]) => [
          componentRow(name, component),
          ...Object.entries(component.options).map(([option, declaration]) =>
            optionRow(option, declaration),
          ),
        ],
      );
      const heading = headings[family as Family];
      return `### ${heading}\n\n| | takes | default | |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
    })
    .join('\n');
}

/** `**conv**(channels, kernel)`: in parentheses what may be given without its name. */
function componentRow(name: string, { doc, positional, takes }: ComponentDeclaration): string {
  const unnamed = positional.length === 0 ? '' : `(${positional.join(', ')})`;
  return row(`**\`${name}${unnamed}\`**`, takes === 'many' ? 'several tensors' : '', '', doc);
}

function optionRow(name: string, option: OptionDeclaration): string {
  const takes =
    option.schema === 'tensor'
      ? 'the name of a tensor'
      : takesText(option.schema).replace(/"(\w+)"/g, '`$1`');
  const fallback =
    option.default !== undefined
      ? `\`${JSON.stringify(option.default).replaceAll('"', '')}\``
      : option.optional
        ? 'none'
        : 'required';
  return row(`\`${name}\``, takes, fallback, option.doc);
}

/** What a schema allows; lists of what is told already are "a pair", "four" or "a list of them". */
function takesText({ anyOf, ...schema }: OptionSchema): string {
  const parts = (anyOf ?? [schema]).map((part) => {
    const isOfNumbers = anyOf?.some((other) => sameText(other, part.items)) ?? false;
    if (!isOfNumbers) return describeSchema(part);
    if (part.maxItems === 2) return 'a pair of them';
    return part.maxItems === 4 ? 'four of them' : 'a list of them';
  });
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)!}`;
}

const sameText = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(' * ', ' \\* ')).join(' | ')} |`;
