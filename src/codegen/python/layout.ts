/** The longest line that ruff's formatter leaves as it is. */
const width = 88;

/**
 * A statement as ruff's formatter lays it out: on one line where that is short enough,
 * else what stands in its last brackets on lines of its own. A comment that does not fit
 * beside the statement stands above it.
 */
export function layOut(indent: number, text: string, comment = ''): readonly string[] {
  const lead = ' '.repeat(indent);
  const remark = comment === '' ? '' : `  # ${comment}`;
  if (indent + text.length + remark.length <= width) return [lead + text + remark];
  const above = comment === '' ? [] : [`${lead}# ${comment}`];
  return [...above, ...split(indent, text, '')];
}

/** One line, or its last brackets opened; `ending` follows the closing one. */
function split(indent: number, text: string, ending: string): readonly string[] {
  const lead = ' '.repeat(indent);
  if (indent + text.length + ending.length <= width) return [lead + text + ending];
  const brackets = lastBrackets(text);
  if (brackets === undefined) return [lead + text + ending];
  const { head, items, close } = brackets;
  const inner = ' '.repeat(indent + 4);
  const together = items.join(', ');
  const isTogether = indent + 4 + together.length <= width;
  const lines = isTogether
    ? [inner + together]
    : items.length === 1
      ? splitOnly(indent + 4, items[0]!)
      : items.flatMap((item) => split(indent + 4, item, ','));
  return [lead + head, ...lines, lead + close + ending];
}

/** The only thing in brackets, which may be cut where it is said in several parts. */
function splitOnly(indent: number, item: string): readonly string[] {
  return split(indent, item, '');
}

interface Brackets {
  /** All up to the bracket that opens. */
  readonly head: string;
  readonly items: readonly string[];
  /** The closing bracket and all that follows. */
  readonly close: string;
}

/** The last pair of brackets that is in no other one and holds something. */
function lastBrackets(text: string): Brackets | undefined {
  let depth = 0;
  let open = -1;
  let found: readonly [number, number] | undefined;
  for (const { at, sign } of signsOf(text)) {
    if ('([{'.includes(sign)) {
      if (depth === 0) open = at;
      depth += 1;
    } else if (')]}'.includes(sign)) {
      depth -= 1;
      if (depth === 0 && at > open + 1) found = [open, at];
    }
  }
  if (found === undefined) return undefined;
  const [first, last] = found;
  return {
    head: text.slice(0, first + 1),
    items: itemsOf(text.slice(first + 1, last)),
    close: text.slice(last),
  };
}

/** What commas outside of brackets part. */
function itemsOf(text: string): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { at, sign } of signsOf(text)) {
    if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign)) depth -= 1;
    else if (sign === ',' && depth === 0) {
      items.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  items.push(text.slice(start).trim());
  return items.filter((item) => item !== '');
}

/** Brackets and commas outside of strings. */
function* signsOf(text: string): Iterable<{ readonly at: number; readonly sign: string }> {
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (isString && sign === '\\') at += 1;
    else if (sign === '"') isString = !isString;
    else if (!isString && '()[]{},'.includes(sign)) yield { at, sign };
  }
}
