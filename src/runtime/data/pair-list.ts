import { basename, extname, join, posix } from 'node:path';
import { counted } from '../../diagnostics/counted.js';
import { listNames } from '../../diagnostics/did-you-mean.js';
import type { HeadTargets } from '../../ir/target.js';
import type { Reporter } from '../../diagnostics/report.js';
import { isFile, isInside } from '../../files/index.js';
import { atFile } from './at-file.js';
import type { FilePair } from './folder.js';
import { targetFolders, type TargetFile } from './target-files.js';
import { readLines, type TextLine } from './text-lines.js';

/** A pair with what a list says of it beside its files. */
export interface ListedPair extends FilePair {
  readonly part?: 'train' | 'val' | undefined;
  readonly group?: string | undefined;
}

const columns = ['image', 'mask', 'instances', 'part', 'group'] as const;

/**
 * The pairs of a list, in the order of their names, each named as its image without extension;
 * by its whole path in the data folder where two images of the list have one name.
 * The first line names the columns, those of targets by what the recipe calls them; commas divide a line, or tabs where the first line has one.
 * Reports files that are missing or lie outside of the data folder, lines with another number
 * of fields, and names that occur twice.
 */
export function readPairList(
  folder: string,
  path: string,
  targets: HeadTargets,
  reporter: Reporter,
): readonly ListedPair[] {
  const places = targetFolders(targets, (column) => column.toLowerCase());
  const known = new Set([...columns, ...places.map(({ folder: column }) => column)]);
  const [head, ...rows] = readLines(folder, path, reporter);
  if (head === undefined) return [];
  const file = join(folder, path);
  const at = atFile(file);
  const complain = (line: number, found: string, expected: string): void =>
    reporter.report('pair-list-bad', { file, line, found, expected }, { at });
  const end = head.text.includes('\t') ? '\t' : ',';
  const fieldsOf = ({ text }: TextLine): readonly string[] =>
    text.split(end).map((field) => field.trim());
  const names = fieldsOf(head).map((name) => name.toLowerCase());
  if (!isHead(names, known)) {
    complain(
      head.line,
      `is "${head.text}"`,
      `names of columns: ${listNames([...known], 'and')}, the first two at least`,
    );
    return [];
  }
  const nameOf = namesBy(rows.map((row) => fieldsOf(row)[names.indexOf('image')] ?? ''));
  const byName = new Map<string, ListedPair>();
  for (const row of rows) {
    const { line } = row;
    const fields = fieldsOf(row);
    if (fields.length !== names.length) {
      complain(
        line,
        `has ${counted(fields.length, 'field')}`,
        `${names.length}, as the first line has`,
      );
      continue;
    }
    const field = (column: string): string | undefined => {
      const value = fields[names.indexOf(column)];
      return value === '' ? undefined : value;
    };
    const found = (column: string): string | undefined => {
      const own = field(column);
      if (own === undefined) return undefined;
      const whole = join(folder, own);
      if (isInside(folder, whole) && isFile(whole)) return whole;
      complain(line, `names "${own}" as ${column}`, 'a file inside the data folder');
      return undefined;
    };
    const [imagePath, maskPath] = [found('image'), found('mask')];
    const part = field('part');
    if (part !== undefined && part !== 'train' && part !== 'val') {
      complain(line, `has the part "${part}"`, '"train", "val" or nothing');
      continue;
    }
    for (const column of ['image', 'mask', ...places.map(({ folder: own }) => own)]) {
      if (field(column) === undefined) complain(line, `has no ${column}`, 'the path of one');
    }
    const files = places.flatMap(({ head, folder: column }): TargetFile[] => {
      const target = found(column);
      return target === undefined ? [] : [{ head, path: target }];
    });
    if (imagePath === undefined || maskPath === undefined) continue;
    if (files.length < places.length) continue;
    const name = nameOf(field('image')!);
    const earlier = byName.get(name);
    if (earlier !== undefined) {
      const parameters = { first: earlier.imagePath, second: imagePath };
      reporter.report('duplicate-stem', parameters, { at });
      continue;
    }
    const instancesPath = found('instances');
    const own = files.length === 0 ? {} : { targets: files };
    byName.set(name, {
      ...{ name, imagePath, maskPath, instancesPath, ...own },
      ...{ part, group: field('group') },
    });
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What names images by their paths, so that all names differ where the paths do. */
function namesBy(images: readonly string[]): (path: string) => string {
  const whole = (path: string): string => {
    const way = posix.normalize(path.replaceAll('\\', '/'));
    return way.slice(0, way.length - extname(way).length);
  };
  const plain = (path: string): string => basename(whole(path));
  const ways = new Set(images.map(whole));
  const isClear = new Set([...ways].map((way) => basename(way))).size === ways.size;
  return isClear ? plain : whole;
}

const isHead = (names: readonly string[], known: ReadonlySet<string>): boolean =>
  names.includes('image') &&
  names.includes('mask') &&
  new Set(names).size === names.length &&
  names.every((name) => known.has(name));
