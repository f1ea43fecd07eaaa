import { projectOf, rootOf } from '../project/project.js';
import { createResolver } from '../project/imports.js';
import { compileText, type Compilation } from '../compile.js';
import { HostError, type Host } from '../host.js';
import { libraryPrefix } from '../frontend/declarations/import-path.js';
import type { SourceFile } from '../diagnostics/source.js';
import { indexFile, type FileIndex } from './symbols/index-file.js';

/** One version of one document with all that is known of it. */
export interface Analysis {
  readonly uri: string;
  /** Of the open document; undefined for files that no editor has open. */
  readonly version: number | undefined;
  readonly source: SourceFile;
  readonly compilation: Compilation;
  /** Its names; made when first asked for. */
  readonly index: FileIndex;
}

interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
}

/** More files than a project with specs has; beyond them renaming would take too long. */
const fileLimit = 2000;

/** Longer texts are no specs: they are not read as one. */
const lengthLimit = 8_000_000;

/**
 * The specs of an editor: what is open wins over what is on disk. Analyses are made
 * when they are asked for, always of the newest text, and kept until it changes, or a
 * file that it imports does.
 */
export class Workspace {
  readonly #host: Host;
  readonly #open = new Map<string, OpenDocument>();
  readonly #analyses = new Map<string, Analysis>();
  /** Where the standard library lies as files, if it does. */
  readonly #library: string | undefined;

  constructor(disk: Host, library: string | undefined) {
    this.#library = library;
    const { resolve } = disk.paths;
    /** Paths with `/`, wherever they come from. */
    const keyOf = (path: string): string => resolve('/', path).replaceAll('\\', '/');
    this.#host = {
      ...disk,
      readText: (path) => this.#open.get(keyOf(path))?.text ?? disk.readText(path),
      kindOf: (path) => (this.#open.has(keyOf(path)) ? 'file' : disk.kindOf(path)),
      realPath: (path) => disk.realPath(path) ?? (this.#open.has(keyOf(path)) ? path : undefined),
    };
  }

  /** Takes a new text of a document; returns the open documents whose meaning may change. */
  update(uri: string, version: number, text: string): readonly string[] {
    const path = this.pathOf(uri);
    this.#open.set(path, { uri, version, text });
    return this.changed(path);
  }

  /** Forgets a document that was closed: the file counts again. */
  close(uri: string): readonly string[] {
    const path = this.pathOf(uri);
    this.#open.delete(path);
    return this.changed(path).filter((other) => other !== uri);
  }

  /** A file changed, in an editor or on disk; returns the open documents that it concerns. */
  changed(path: string): readonly string[] {
    const isConcerned = ({ uri, compilation }: Analysis): boolean =>
      this.pathOf(uri) === path || this.#readsFrom(compilation, path);
    const concerned = [...this.#analyses.values()].filter(isConcerned);
    for (const { uri } of concerned) this.#analyses.delete(uri);
    const open = new Set([...this.#open.values()].map(({ uri }) => uri));
    const own = this.#open.get(path)?.uri;
    const uris = new Set([...(own === undefined ? [] : [own]), ...concerned.map(({ uri }) => uri)]);
    return [...uris].filter((uri) => open.has(uri));
  }

  isOpen(uri: string): boolean {
    return this.#open.has(this.pathOf(uri));
  }

  /** The analysis of a document's newest text, or of a file's; undefined where there is none. */
  analyse(uri: string): Analysis | undefined {
    const known = this.#analyses.get(uri);
    if (known !== undefined) return known;
    const path = this.pathOf(uri);
    const document = this.#open.get(path);
    const text = document?.text ?? this.#read(path);
    if (text === undefined) return undefined;
    const resolver = createResolver(path, {
      host: this.#host,
      folder: this.#host.paths.dirname(path),
    });
    const isLong = text.length > lengthLimit;
    const compilation = compileText(path, isLong ? '\0' : text, { resolve: resolver });
    let index: FileIndex | undefined;
    const analysis: Analysis = {
      uri,
      version: document?.version,
      source: compilation.source,
      compilation,
      get index() {
        index ??= indexFile(compilation);
        return index;
      },
    };
    this.#analyses.set(uri, analysis);
    return analysis;
  }

  /** All specs of the project that a document is in, itself first; analysed when they hold `word`. */
  project(uri: string, word: string): readonly Analysis[] {
    const path = this.pathOf(uri);
    const root = rootOf(path, { host: this.#host, folder: this.#host.paths.dirname(path) });
    const files = this.#list(root);
    const open = [...this.#open.values()].map((document) => this.pathOf(document.uri));
    const project = projectOf(path, { host: this.#host, folder: this.#host.paths.dirname(path) });
    const paths = new Set([path, ...open.filter((each) => project.holds(each)), ...files]);
    return [...paths].flatMap((each) => {
      const text = this.#open.get(each)?.text ?? this.#read(each);
      if (text?.includes(word) !== true) return [];
      return this.analyse(this.uriOf(each) ?? '') ?? [];
    });
  }

  /** The open documents. */
  get open(): readonly string[] {
    return [...this.#open.values()].map(({ uri }) => uri);
  }

  /** The address of a file by the path that spans have; undefined for the library where it is no files. */
  uriOf(path: string): string | undefined {
    const document = this.#open.get(path);
    if (document !== undefined) return document.uri;
    const { resolve, toUri } = this.#host.paths;
    if (path.startsWith(libraryPrefix)) {
      if (this.#library === undefined) return undefined;
      return toUri(resolve(this.#library, path.slice(libraryPrefix.length)));
    }
    return toUri(path);
  }

  /** The text of a file by the path that spans have. */
  sourceOf(analysis: Analysis, path: string): SourceFile | undefined {
    return analysis.compilation.files.find(({ source }) => source.path === path)?.source;
  }

  #read(path: string): string | undefined {
    try {
      return this.#host.readText(path);
    } catch (error) {
      if (error instanceof HostError) return undefined;
      throw error;
    }
  }

  #list(root: string): readonly string[] {
    try {
      return this.#host.listFiles(root, '.unet').slice(0, fileLimit);
    } catch (error) {
      if (error instanceof HostError) return [];
      throw error;
    }
  }

  /** The path of a document: of a file its own, of a new one its address. */
  pathOf(uri: string): string {
    return this.#host.paths.fromUri(uri) ?? uri;
  }

  /** Whether a compilation read a file, or asked for it: a missing import may come to be. */
  #readsFrom({ files }: Compilation, path: string): boolean {
    const { resolve, dirname } = this.#host.paths;
    return files.some(
      ({ source, parsed }) =>
        source.path === path ||
        parsed.file.imports.some(({ path: written }) => {
          const target = resolve(dirname(source.path), written.value);
          return target === path || `${target}.unet` === path;
        }),
    );
  }
}
