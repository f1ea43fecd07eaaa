import { expect, test } from '@jest/globals';
import { renderJson } from '../../src/diagnostics/render-json.js';
import { diagnostic, label, lookupIn, marked } from './build.js';

test('JSON holds all of a diagnostic, with positions', () => {
  const { source, spans } = marked('a.unet', '\n  «skip» «up»«»\n');
  const document = renderJson(
    [
      diagnostic(spans[0]!, {
        labels: [label(spans[1]!, 'the other')],
        notes: ['n'],
        help: ['h'],
        fixes: [{ title: 'Crop', edits: [{ span: spans[2]!, text: ' crop' }] }],
      }),
    ],
    { lookup: lookupIn(source), displayPath: (file) => `specs/${file}` },
  );
  expect(JSON.parse(document)).toEqual([
    {
      code: 'UNET4002',
      severity: 'error',
      message: 'The sizes differ.',
      file: 'specs/a.unet',
      range: {
        start: { line: 2, column: 3, offset: 3 },
        end: { line: 2, column: 7, offset: 7 },
      },
      labels: [
        {
          file: 'specs/a.unet',
          range: {
            start: { line: 2, column: 8, offset: 8 },
            end: { line: 2, column: 10, offset: 10 },
          },
          text: 'the other',
        },
      ],
      notes: ['n'],
      help: ['h'],
      fixes: [
        {
          title: 'Crop',
          edits: [
            {
              file: 'specs/a.unet',
              range: {
                start: { line: 2, column: 10, offset: 10 },
                end: { line: 2, column: 10, offset: 10 },
              },
              text: ' crop',
            },
          ],
        },
      ],
    },
  ]);
  expect(document.endsWith(']\n')).toBe(true);
});

test('JSON of no diagnostics is an empty array', () => {
  expect(renderJson([], { lookup: () => undefined })).toBe('[]\n');
});

test('a file that is no text has all positions at its start', () => {
  const [only] = JSON.parse(
    renderJson([diagnostic({ file: 'a.png', start: 0, end: 0 })], { lookup: () => undefined }),
  );
  expect(only.range.start).toEqual({ line: 1, column: 1, offset: 0 });
});
