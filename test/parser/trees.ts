import { readdirSync, readFileSync } from 'node:fs';
import { SourceFile } from '../../src/diagnostics/source.js';
import { parse } from '../../src/parser/parse.js';

const folder = new URL('samples/', import.meta.url);

/** A spec that tests share. */
export interface Sample {
  readonly name: string;
  readonly text: string;
}

/** The files of `samples/`, and one of them with CRLF line breaks. */
export const samples: readonly Sample[] = readdirSync(folder)
  .sort()
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }))
  .flatMap((sample) =>
    sample.name === 'comments.unet'
      ? [sample, { name: 'comments.unet with CRLF', text: sample.text.replaceAll('\n', '\r\n') }]
      : [sample],
  );

export function sourceOf(text: string): SourceFile {
  return new SourceFile('sample.unet', text);
}

/** The tree of a text that must be free of errors. */
export function treeOf(text: string): unknown {
  const { value, diagnostics } = parse(sourceOf(text));
  if (diagnostics.length > 0) throw new Error(`${diagnostics[0]!.message}\n${text}`);
  return withoutSpans(value.file.sections);
}

const places = new Set(['span', 'operatorSpan', 'open', 'close']);

/** A tree without its places: two texts that mean the same have equal ones. */
export function withoutSpans(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value: unknown) => (places.has(key) ? undefined : value)),
  );
}

/** The comments of a text in order. */
export function commentsOf(text: string): readonly string[] {
  return parse(sourceOf(text)).value.comments.map((comment) => comment.text);
}
