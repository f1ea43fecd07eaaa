import type { IToken } from 'chevrotain';
import type { Body, Member, Section, SpecFile } from './ast.js';
import { closerTypes, isCloser } from './nesting.js';
import * as t from './tokens.js';

/**
 * Whether the parser lost its way: a section, field or line stands at another
 * depth of the tree than its brackets say. Chevrotain gives up whole bodies when
 * a word in them surprises it; what follows is then read as if it stood outside.
 */
export function isLost(file: SpecFile, tokens: readonly IToken[]): boolean {
  const depths = new Map<number, number>();
  let depth = 0;
  for (const token of tokens) {
    if (isCloser(token)) depth -= 1;
    if (!depths.has(token.startOffset)) depths.set(token.startOffset, depth);
    if (closerTypes.has(token.tokenType)) depth += 1;
  }
  const isAt = (start: number, expected: number): boolean => depths.get(start) === expected;
  const isMisread = (member: Member, at: number): boolean => {
    switch (member.kind) {
      case 'section':
        return isSectionMisread(member, at);
      case 'loop':
        return !isAt(member.span.start, at) || isBodyMisread(member.body, at);
      case 'field':
      case 'assignment':
        return !isAt(member.name.span.start, at);
    }
  };
  const isBodyMisread = (body: Body | undefined, at: number): boolean =>
    (body?.members ?? []).some((member) => isMisread(member, at + 1));
  const isSectionMisread = (section: Section, at: number): boolean =>
    !isAt(section.keyword.span.start, at) || isBodyMisread(section.body, at);
  return file.sections.some((section) => isSectionMisread(section, 0));
}

/**
 * The tokens without the smallest part that holds the error at `index`: an item
 * between commas, or a line with what it continues on. A header loses all but
 * its words, so that its body stays where it is. Brackets balance before and
 * after; the result is shorter, so parsing again ends.
 */
export function withoutBroken(tokens: readonly IToken[], index: number): readonly IToken[] {
  const closers = matchClosers(tokens);
  let at = Math.min(index, tokens.length - 1);
  for (;;) {
    const open = innermost(tokens, closers, at);
    const close = open === -1 ? tokens.length : (closers.get(open) ?? tokens.length);
    const isBody = open === -1 || tokens[open]?.tokenType === t.LeftBrace;
    const [from, to] = isBody ? member(open, close) : item(open, close);
    if (from < to) return [...tokens.slice(0, from), ...tokens.slice(to)];
    // Nothing is left to take out here: what is around it goes.
    if (open === -1) return [];
    at = open;
  }

  /** The places in a group that are in no group inside it. */
  function placesIn(open: number, close: number): readonly number[] {
    const places: number[] = [];
    for (let place = open + 1; place < close; place++) {
      places.push(place);
      place = closers.get(place) ?? place;
    }
    return places;
  }

  function item(open: number, close: number): readonly [number, number] {
    const commas = placesIn(open, close).filter((place) => tokens[place]?.tokenType === t.Comma);
    const before = commas.findLast((comma) => comma < at);
    const after = commas.find((comma) => comma >= at);
    if (after !== undefined) return [before === undefined ? open + 1 : before + 1, after + 1];
    return [before ?? open + 1, close];
  }

  function member(open: number, close: number): readonly [number, number] {
    const places = placesIn(open, close);
    const starts = places.filter(
      (place) =>
        place === open + 1 ||
        tokens[place - 1]?.tokenType === t.Comma ||
        (tokens[place]?.startLine ?? 0) > lineBefore(place),
    );
    const from = starts.findLast((start) => start <= at) ?? open + 1;
    const to =
      starts.find((start) => start > at && tokens[start]?.tokenType === t.Identifier) ?? close;
    const body = places.find(
      (place) => place >= from && place < to && tokens[place]?.tokenType === t.LeftBrace,
    );
    if (body === undefined) return [from, to];
    const end = (closers.get(body) ?? to) + 1;
    if (at >= end) return [end, to];
    const words = [from, from + 1].filter(
      (place) => place < body && tokens[place]?.tokenType === t.Identifier,
    );
    const isHeader = words[0] === from && from + words.length < body;
    return isHeader ? [from + words.length, body] : [from, to];
  }

  function lineBefore(place: number): number {
    const token = tokens[place - 1];
    return token?.endLine ?? token?.startLine ?? 0;
  }
}

function matchClosers(tokens: readonly IToken[]): ReadonlyMap<number, number> {
  const closers = new Map<number, number>();
  const open: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (closerTypes.has(token.tokenType)) open.push(index);
    else if (isCloser(token)) {
      const opener = open.pop();
      if (opener !== undefined) closers.set(opener, index);
    }
  }
  return closers;
}

/** The opening bracket around a token; -1 for none. Brackets belong to what is around them. */
function innermost(
  tokens: readonly IToken[],
  closers: ReadonlyMap<number, number>,
  at: number,
): number {
  for (let place = at - 1; place >= 0; place--) {
    const close = closers.get(place);
    if (closerTypes.has(tokens[place]!.tokenType) && (close === undefined || close >= at)) {
      return place;
    }
  }
  return -1;
}
