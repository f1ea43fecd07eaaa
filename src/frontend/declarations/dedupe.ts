import { hasErrors, type Diagnostic } from '../../diagnostics/diagnostic.js';
import { messages } from '../../diagnostics/messages/index.js';
import type { Span } from '../../diagnostics/source.js';
import type { LoadedFile } from './load-files.js';

/**
 * By file and place; the same problem at the same place, met again in another
 * block call, once.
 */
export function inOrder(
  files: readonly LoadedFile[],
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const seen = new Set<string>();
  const ranks = new Map(files.map(({ source }, at) => [source.path, at]));
  const rank = ({ span }: Diagnostic): number => ranks.get(span.file) ?? -1;
  return [...diagnostics]
    .sort((left, right) => rank(left) - rank(right) || left.span.start - right.span.start)
    .filter(({ code, span, message }) => {
      const hasMore = code.startsWith('UNET3') || code === messages['missing-section'].code;
      const place = `${span.file}:${code}:${span.start}:${span.end}:${hasMore ? message : ''}`;
      if (seen.has(place)) return false;
      seen.add(place);
      return true;
    });
}

/**
 * After a syntax error the tree is a guess: warnings and missing things are not
 * told, nor what else is found on the lines of the syntax error, nor that a name
 * from these lines is unknown elsewhere.
 */
export function withoutFollowUps(
  files: readonly LoadedFile[],
  all: readonly Diagnostic[],
): readonly Diagnostic[] {
  const broken = files.filter(({ syntax }) => hasErrors(syntax));
  if (broken.length === 0) return all;
  const syntax = new Set(broken.flatMap((file) => file.syntax));
  const echoes = new Map(broken.map((file) => [file.source.path, brokenLines(file)]));
  const words = new Set(broken.flatMap((file) => wordsOn(file, echoes.get(file.source.path)!)));
  const sources = new Map(files.map(({ source }) => [source.path, source]));
  const isEcho = ({ file, start, end }: Span): boolean => {
    const source = sources.get(file);
    if (source === undefined) return false;
    const isOnBrokenLine = echoes.get(file)?.has(source.position(start).line) === true;
    return isOnBrokenLine || words.has(source.text.slice(start, end));
  };
  return all.filter(
    (diagnostic) =>
      syntax.has(diagnostic) ||
      (diagnostic.severity === 'error' && !isAboutAbsence(diagnostic) && !isEcho(diagnostic.span)),
  );
}

/** The lines that syntax errors touch, and those that go on with them. */
function brokenLines({ source, syntax }: LoadedFile): ReadonlySet<number> {
  const lines = new Set(
    syntax.flatMap(({ span, labels }) =>
      [span, ...labels.map((label) => label.span)].map(({ start }) => source.position(start).line),
    ),
  );
  // A line that starts with an arrow goes on with the one above.
  for (const line of [...lines]) {
    for (let next = line + 1; /^\s*->/.test(source.lineText(next)); next++) lines.add(next);
  }
  return lines;
}

/** Words of a name's length: a longer match could fill the stack of the engine of regular expressions. */
const word = /\b\w{1,1000}\b/g;

const wordsOn = ({ source }: LoadedFile, lines: ReadonlySet<number>): readonly string[] =>
  [...lines].flatMap((line) => source.lineText(line).match(word) ?? []);

const isAboutAbsence = ({ code }: Diagnostic): boolean =>
  [
    messages['missing-section'],
    messages['missing-field'],
    messages['no-model'],
    messages['block-without-output'],
    messages['missing-name'],
  ].some((message) => message.code === code);
