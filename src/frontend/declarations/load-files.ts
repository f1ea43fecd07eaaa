import { ownValue } from '../../diagnostics/own-value.js';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import { Reporter } from '../../diagnostics/report.js';
import { SourceFile } from '../../diagnostics/source.js';
import type { Import } from '../../parser/ast.js';
import { parse, type ParsedFile } from '../../parser/parse.js';
import { readBlocks, type BlockTable } from './blocks.js';
import { didYouMean, listNames } from '../../diagnostics/did-you-mean.js';
import { joinPath, libraryPrefix, locateImport } from './import-path.js';
import { withCorrectedKeywords } from './top-level.js';

/** A file that an import leads to. */
export interface ImportedFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Answers an import: the file, undefined when there is none, `outside` when the
 * path leads out of the project. The path is written with `/`, relative as the
 * spec's own path is, and ends in `.unet`.
 */
export type Resolve = (path: string) => ImportedFile | 'outside' | undefined;

/** One file of a compilation. */
export interface LoadedFile {
  readonly source: SourceFile;
  readonly parsed: ParsedFile;
  /** What it declares and imports. */
  readonly blocks: BlockTable;
  readonly syntax: readonly Diagnostic[];
}

/** Where imports are looked up. */
export interface ImportSources {
  readonly resolve: Resolve;
  /** The texts of the standard library by path: `std/resnet.unet`. */
  readonly library: Readonly<Record<string, string>>;
}

/** A file whose imports are being followed. */
interface OpenFile {
  readonly loaded: LoadedFile;
  readonly importer: OpenFile | undefined;
  /** The import that is next. */
  next: number;
}

/**
 * Parses a spec and all that it imports, each file once; the spec comes first.
 * Files that are missing, lie outside or lead back to themselves, and names that
 * they do not declare, are reported at the import.
 */
export function loadFiles(main: SourceFile, sources: ImportSources): Result<readonly LoadedFile[]> {
  const reporter = new Reporter();
  const files = new Map<string, LoadedFile>();
  // The files whose imports are being followed, by path, each imported by the one before;
  // a list of our own, since files may import each other deeper than calls can nest.
  const open = new Map<string, OpenFile>();
  let current: OpenFile | undefined;
  enter(main);
  while (current !== undefined) goOn(current);
  return reporter.result([...files.values()]);

  function enter(source: SourceFile): void {
    const { value: parsed, diagnostics: syntax } = parseOnce(source);
    reporter.add(syntax);
    const blocks = reporter.take(readBlocks(withCorrectedKeywords(parsed.file).sections));
    const loaded = { source, parsed, blocks, syntax };
    files.set(source.path, loaded);
    current = { loaded, importer: current, next: 0 };
    open.set(source.path, current);
  }

  /** Follows the next import of a file, into the file that it names where that is a new one. */
  function goOn(file: OpenFile): void {
    const { loaded } = file;
    const statement = loaded.parsed.file.imports[file.next];
    if (statement === undefined) {
      open.delete(loaded.source.path);
      current = file.importer;
      return;
    }
    const { value, span } = statement.path;
    // A path that is missing was reported by the parser.
    const isMissing = value === '' && span.end - span.start !== 2;
    const found = isMissing ? undefined : find(statement, loaded);
    if (found === 'entered') return;
    file.next += 1;
    if (!isMissing) take(statement, loaded, found);
  }

  /** Makes the names of an import known in the file that imports them. */
  function take(statement: Import, into: LoadedFile, file: LoadedFile | undefined): void {
    const { path: written } = statement;
    for (const { text } of statement.names) into.blocks.importBroken(text);
    if (file === undefined) return;
    for (const name of statement.names) {
      if (name.text === '') continue;
      const what = file.blocks.declared(name.text);
      const first = into.blocks.placeOf(name.text);
      if (first !== undefined) {
        reportDuplicate(reporter, {
          ...{ name: name.text, what: 'block or encoder', at: name.span },
          first: { span: first.span, text: 'first declared here' },
          help: 'Rename the one in this file, or leave this name out.',
        });
      } else if (what !== undefined) {
        into.blocks.import(name, what);
      } else if (file.syntax.length === 0) {
        const names = file.blocks.declarations.map((declaration) => declaration.name.text);
        const { known, help, fixes } = didYouMean(name, names, 'its names are');
        const parameters = { name: name.text, path: written.value, known };
        reporter.report('unknown-import', parameters, { at: name.span, help, fixes });
      }
    }
  }

  /** The file that an import names, `entered` where its own imports come first. */
  function find({ path: written }: Import, from: LoadedFile): LoadedFile | 'entered' | undefined {
    const at = written.span;
    const path = locateImport(from.source.path, written.value);
    if (path !== undefined && open.has(path)) {
      const paths = [...open.keys()];
      const cycle = [...paths.slice(paths.indexOf(path)), path].map(fileName).join(' -> ');
      const help = ['Move what both files need into a third one.'];
      reporter.report('import-cycle', { path: written.value, cycle }, { at, help });
      return undefined;
    }
    const known = path === undefined ? undefined : files.get(path);
    if (path === undefined || known !== undefined) {
      if (known === undefined) reporter.report('import-outside', { path: written.value }, { at });
      return known;
    }
    const isLibrary = path.startsWith(libraryPrefix);
    const text = isLibrary ? ownValue(sources.library, path) : undefined;
    const answer = isLibrary ? text && { path, text } : sources.resolve(path);
    if (answer === 'outside') reporter.report('import-outside', { path: written.value }, { at });
    else if (answer) {
      enter(new SourceFile(path, answer.text));
      return 'entered';
    } else reportMissing(written.value, path, isLibrary);
    return undefined;

    function reportMissing(name: string, wanted: string, isStandard: boolean): void {
      const names = Object.keys(sources.library).map((file) => file.replace(/\.unet$/, ''));
      const { help, fixes } = didYouMean({ text: name, span: at }, names);
      const expected = isStandard
        ? `the standard library has ${listNames(names, 'and')}`
        : `expected it at "${wanted}"`;
      const quoted = fixes.map((fix) => ({
        ...fix,
        edits: fix.edits.map((edit) => ({ ...edit, text: `"${edit.text}"` })),
      }));
      const parameters = { path: name, known: expected };
      reporter.report('import-missing', parameters, { at, help, fixes: quoted });
    }
  }
}

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The library's files as they were last parsed: many specs of one check import the same. */
const parsedLibrary = new Map<
  string,
  { readonly text: string; readonly parsed: Result<ParsedFile> }
>();

function parseOnce(source: SourceFile): Result<ParsedFile> {
  const { path, text } = source;
  if (!path.startsWith(libraryPrefix)) return parse(source);
  let known = parsedLibrary.get(path);
  if (known?.text !== text) parsedLibrary.set(path, (known = { text, parsed: parse(source) }));
  return known.parsed;
}

/** What a run stores of its imports: their texts, by path relative to the spec's folder. */
export function portableFiles(files: readonly LoadedFile[]): Readonly<Record<string, string>> {
  const [main, ...imported] = files;
  const folder = joinPath(main?.source.path ?? '', '..');
  return Object.fromEntries(
    imported.map(({ source }) => [relativePath(folder, source.path), source.text]),
  );
}

/** The resolver over what a run stored. */
export function resolveStored(main: string, stored: Readonly<Record<string, string>>): Resolve {
  const folder = joinPath(main, '..');
  const texts = new Map(
    Object.entries(stored).map(([path, text]) => [joinPath(folder, path), text]),
  );
  return (path) => {
    const text = texts.get(path);
    return text === undefined ? undefined : { path, text };
  };
}

function relativePath(folder: string, path: string): string {
  if (path.startsWith(libraryPrefix)) return path;
  const from = folder === '' ? [] : folder.split('/');
  const to = path.split('/');
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared += 1;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
}
