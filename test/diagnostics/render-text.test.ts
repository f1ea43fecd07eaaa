import { describe, expect, test } from '@jest/globals';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { renderText } from '../../src/diagnostics/render-text.js';
import { diagnostic, label, lookupIn, marked } from './build.js';

/** Renders one diagnostic on the first marked span; further spans become labels. */
function frame(text: string, labels: readonly string[] = [], parts: Partial<Diagnostic> = {}) {
  const { source, spans } = marked('a.unet', text);
  const all = labels.map((said, index) => label(spans[index + 1]!, said));
  const rendered = renderText([diagnostic(spans[0]!, { labels: all, ...parts })], {
    lookup: lookupIn(source),
    width: 60,
  });
  return rendered.replace(/\n\n1 error\n$/, '');
}

describe('the frame', () => {
  test('shows the line, the labels with their lines, notes, help and fixes', () => {
    const shown = frame(
      'model m {\n  level enc3 filters: 256\n\n\n\n\n\n\n  «skip enc3»\n}\n',
      [],
      {
        message: 'Skip joins two sizes.',
        notes: ['63 is odd.'],
        help: ['make the height a multiple of 8.'],
        fixes: [{ title: 'Add "align: crop"', edits: [] }],
      },
    );
    expect(shown).toBe(
      [
        'a.unet:9:3 - error UNET4002: Skip joins two sizes.',
        '   9 |   skip enc3',
        '     |   ~~~~~~~~~',
        '  note: 63 is odd.',
        '  help: make the height a multiple of 8.',
        '  fix: Add "align: crop"',
      ].join('\n'),
    );
  });

  test('gives labels of one line one source line', () => {
    expect(frame('\n«merge»: concat(«skip», «up»)', ['31 x 31', '32 x 32'])).toBe(
      [
        'a.unet:2:1 - error UNET4002: The sizes differ.',
        '   2 | merge: concat(skip, up)',
        '     | ~~~~~',
        '     |               ^^^^ 31 x 31',
        '     |                     ^^ 32 x 32',
      ].join('\n'),
    );
  });

  test('aligns line numbers of different lengths', () => {
    expect(frame(`«one»${'\n'.repeat(999)}«far»`, ['here too'])).toBe(
      [
        'a.unet:1:1 - error UNET4002: The sizes differ.',
        '     1 | one',
        '       | ~~~',
        '  1000 | far',
        '       | ^^^ here too',
      ].join('\n'),
    );
  });

  test('names the file of a label elsewhere', () => {
    const here = marked('a.unet', 'use «x»');
    const there = marked('std/x.unet', '\nblock «x»');
    const shown = renderText(
      [diagnostic(here.spans[0]!, { labels: [label(there.spans[0]!, 'declared here')] })],
      { lookup: lookupIn(here.source, there.source) },
    );
    expect(shown).toContain('  in std/x.unet:2:7\n   2 | block x\n     |       ^ declared here');
  });
});

describe('the underline', () => {
  const marks = (text: string): string => frame(text).split('\n').slice(1).join('\n');

  test('counts a tab to its stop', () => {
    expect(marks('\t\t«x»')).toBe('   1 |         x\n     |         ~');
    expect(marks('ab\t«x»')).toBe('   1 | ab  x\n     |     ~');
  });

  test('counts wide letters and emoji as two columns, marks as none', () => {
    expect(marks('"細胞" «x»')).toBe('   1 | "細胞" x\n     |        ~');
    expect(marks('«細胞» x')).toBe('   1 | 細胞 x\n     | ~~~~');
    expect(marks('👩‍🔬🇨🇭 «x»')).toBe('   1 | 👩‍🔬🇨🇭 x\n     |      ~');
    expect(marks('e\u0301 «x»')).toBe('   1 | e\u0301 x\n     |   ~');
    expect(marks('ｶﾅ «x»')).toBe('   1 | ｶﾅ x\n     |    ~');
  });

  test('is one tilde for an empty span', () => {
    expect(marks('a «»b')).toBe('   1 | a b\n     |   ~');
    expect(marks('ab«»')).toBe('   1 | ab\n     |   ~');
  });

  test('covers the first line only of a span over several', () => {
    expect(marks('a «{  \n  b\n}» c')).toBe('   1 | a {\n     |   ~');
  });

  test('stands behind the last text for a span at the end of the file', () => {
    expect(frame('model m {\n\n«»')).toBe(
      'a.unet:1:10 - error UNET4002: The sizes differ.\n   1 | model m {\n     |          ~',
    );
    expect(marks('«»')).toBe('   1 |\n     | ~');
  });

  test('is right in files with CRLF and with a byte-order mark', () => {
    expect(frame('\ufeff«x»\r\ny\r\n')).toBe(
      'a.unet:1:1 - error UNET4002: The sizes differ.\n   1 | x\n     | ~',
    );
    expect(marks('x\r\n  «y»\r\n')).toBe('   2 |   y\n     |   ~');
  });

  test('shows control characters instead of sending them', () => {
    expect(marks('\u001b[31m«x»\u202e')).toBe('   1 | ␛[31mx�\n     |      ~');
  });
});

describe('a long line', () => {
  const shownLine = (text: string) => frame(text).split('\n').slice(1);

  test('is cut around the range', () => {
    const [line, under] = shownLine(`${'a'.repeat(200)}«bcd»${'e'.repeat(200)}`);
    expect(line).toMatch(/^ {3}1 \| …a+bcde+…$/);
    expect(line!.length).toBeLessThanOrEqual(60);
    expect(under!.indexOf('~~~')).toBe(line!.indexOf('bcd'));
  });

  test('is cut at one end only when the range is near the other', () => {
    expect(shownLine(`«bcd»${'e'.repeat(200)}`)[0]).toMatch(/^ {3}1 \| bcde+…$/);
    expect(shownLine(`${'a'.repeat(200)}«bcd»`)[0]).toMatch(/^ {3}1 \| …a+bcd$/);
  });

  test('keeps the underline inside when the range itself is too long', () => {
    const [line, under] = shownLine(`«${'b'.repeat(300)}»`);
    expect(line!.length).toBeLessThanOrEqual(60);
    expect(under!.length).toBeLessThanOrEqual(60);
  });

  test('is shown again for each label', () => {
    const shown = frame(`«x»${'e'.repeat(200)}«y»`, ['the other']).split('\n');
    expect(shown).toHaveLength(5);
    expect(shown[4]).toMatch(/\^ the other$/);
  });
});

describe('the whole', () => {
  const { source, spans } = marked('a.unet', '«a»\n«b»\n«c»\n«d»');
  const lookup = lookupIn(source);

  test('is empty without diagnostics', () => {
    expect(renderText([], { lookup })).toBe('');
  });

  test('is in order of place, with a summary', () => {
    const shown = renderText(
      [diagnostic(spans[2]!, { severity: 'warning' }), diagnostic(spans[0]!)],
      { lookup },
    );
    expect(shown.match(/a\.unet:\d/g)).toEqual(['a.unet:1', 'a.unet:3']);
    expect(shown).toMatch(/\n\n1 error, 1 warning\n$/);
  });

  test('is capped per file, warnings first to go', () => {
    const all = spans.map((span, index) =>
      diagnostic(span, { severity: index < 2 ? 'warning' : 'error' }),
    );
    const shown = renderText(all, { lookup, limit: 3 });
    expect(shown.match(/a\.unet:\d/g)).toEqual(['a.unet:1', 'a.unet:3', 'a.unet:4']);
    expect(shown).toMatch(/\n\na\.unet - and 1 more\n\n2 errors, 2 warnings\n$/);
  });

  test('names a file that is no text without a place', () => {
    const picture = diagnostic({ file: 'a.png', start: 0, end: 0 }, { message: 'Not an image.' });
    expect(renderText([picture], { lookup })).toBe(
      'a.png - error UNET4002: Not an image.\n\n1 error\n',
    );
  });

  test('starts with the severity when there is no file at all', () => {
    const usage = diagnostic({ file: '', start: 0, end: 0 }, { message: 'Unknown option.' });
    expect(renderText([usage], { lookup })).toBe('error UNET4002: Unknown option.\n\n1 error\n');
  });

  test('differs with colour in nothing but colour', () => {
    const all = [
      diagnostic(spans[0]!, {
        labels: [label(spans[1]!, 'first\nsecond')],
        notes: ['n'],
        help: ['h'],
        fixes: [{ title: 'F', edits: [] }],
      }),
      diagnostic(spans[1]!, { severity: 'warning' }),
    ];
    const coloured = renderText(all, { lookup, colour: true });
    expect(coloured).toContain('\u001b[');
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderText(all, { lookup }));
  });

  test('calls files as it is told', () => {
    const shown = renderText([diagnostic(spans[0]!)], { lookup, displayPath: () => 'here' });
    expect(shown).toMatch(/^here:1:1 - error/);
  });
});
