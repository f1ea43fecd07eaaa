import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { Chart } from '../../../src/runtime/report/chart.js';
import { curvesOf } from '../../../src/runtime/report/gather/read-curves.js';
import { chartLibrary } from '../../../src/runtime/report/render/chart-library.js';
import { renderComparison } from '../../../src/runtime/report/render/render-comparison.js';
import { renderRun } from '../../../src/runtime/report/render/render-run.js';
import { classNames, fabricatedEvaluation, fabricatedLog, fabricatedReport } from './fabricated.js';

const library = { script: 'var uPlot;', style: '' };
const chartsIn = (page: string): readonly Chart[] =>
  JSON.parse(
    /<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(page)![1]!,
  ) as Chart[];

test('hostile names come into a page as text alone', () => {
  const bad = `</script><img src=x onerror=alert(1)>"'`;
  const page = renderRun(
    fabricatedReport({
      ...{ name: bad, model: bad, spec: bad, classes: [bad, bad, bad] },
      settings: [{ name: bad, value: bad }],
      curves: curvesOf(fabricatedLog(2, 3)),
      evaluation: {
        ...fabricatedEvaluation(2, [bad, bad, bad]),
        images: [{ name: bad, loss: 1, metrics: {} }],
        colours: [null, bad, bad],
      },
    }),
    library,
  );
  expect(page).not.toContain('<img src=x');
  expect(page).not.toContain('onerror=alert(1)>');
  // The JSON and the script are the only script elements, and each ends where it should.
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(chartsIn(page).some(({ series }) => series.some(({ label }) => label === bad))).toBe(true);
});

test('the policy lets nothing run but the script of the page, and nothing be loaded', async () => {
  const page = renderRun(fabricatedReport(), await chartLibrary());
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/
    .exec(page)![1]!
    .replaceAll('&#39;', "'");
  const script = /<script>([^]*?)<\/script>/.exec(page)![1]!;
  const digest = createHash('sha256').update(script).digest('base64');
  expect(policy).toContain(`script-src 'sha256-${digest}';`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'none'");
  expect(page).toContain('Permission is hereby granted');
  expect(page.replace(/https?:\/\/(github\.com\/leeoniya|www\.w3\.org\/)\S*/g, '')).not.toMatch(
    /https?:\/\//,
  );
});

describe('what there is little of', () => {
  test('a run whose first epoch has not ended', () => {
    const page = renderRun(fabricatedReport({ curves: curvesOf([]), best: undefined }), library);
    expect(page).toContain('No epoch has ended yet.');
    expect(page).toContain('There is no best epoch yet.');
  });

  test('one epoch is one point of each line', () => {
    const [loss] = chartsIn(renderRun(fabricatedReport(), library));
    expect(loss).toMatchObject({
      id: 'loss',
      x: { values: [1] },
      series: [{ values: [1] }, { values: [2] }],
    });
  });

  test('numbers that are none are gaps and dashes', () => {
    const log = fabricatedLog(2).map((entry) =>
      entry.kind === 'epoch' && entry.epoch === 1 ? { ...entry, loss: NaN } : entry,
    );
    const evaluation = fabricatedEvaluation();
    const none = { mean: null, classes: [null, null] };
    const page = renderRun(
      fabricatedReport({
        curves: curvesOf(log),
        evaluation: { ...evaluation, loss: null, metrics: { dice: none } },
      }),
      library,
    );
    expect(chartsIn(page)[0]!.series[0]!.values).toEqual([null, 0.5]);
    expect(page).toContain('<td class="number">\u2013</td>');
    expect(page).not.toContain('NaN');
  });
});

test('many classes have a line each, a row in every table and a cell for each confusion', () => {
  const names = classNames(11);
  const page = renderRun(
    fabricatedReport({
      classes: names,
      curves: curvesOf(fabricatedLog(3, 11)),
      evaluation: fabricatedEvaluation(4, names),
    }),
    library,
  );
  const byClass = chartsIn(page).find(({ id }) => id === 'classes')!;
  expect(byClass.series.map(({ label }) => label)).toEqual(names);
  expect(page.match(/<td\s+class="(right|wrong)/g)).toHaveLength(11 * 11);
});

test('scores of objects are shown with their spread, in the table of images and below pictures', () => {
  const evaluation = fabricatedEvaluation(3);
  const none = renderRun(fabricatedReport({ evaluation }), library);
  expect(none).not.toContain('Objects');
  const scores = (value: number | null) => ({
    ...{ true: 4, found: 3, ap50: value, ap: value, pq: value, dice: 0.9 },
  });
  const page = renderRun(
    fabricatedReport({
      evaluation: {
        ...evaluation,
        objects: scores(0.8125),
        images: evaluation.images.map((image, at) => ({
          ...image,
          objects: scores([0.25, 0.5, null][at]!),
        })),
      },
    }),
    library,
  );
  expect(page).toContain('3 found, 4 there.');
  expect(page.match(/<td class="number">0\.8125<\/td>/g)).toHaveLength(3);
  // Two images have a value; the third has no object.
  expect(page).toContain('median 0.3750, quartiles 0.3125 and 0.4375, from 0.2500 to 0.5000');
  for (const title of ['AP at 0.5', 'AP 0.5 to 0.95', 'panoptic quality']) {
    expect(page).toContain(`<th class="number">${title}</th>`);
    expect(page).toContain(`<span>${title} <b>0.250</b></span>`);
  }
  expect(page.match(/<td class="number">0\.2500<\/td>/g)).toHaveLength(3);
});

test('a comparison shows what differs, and every run in every chart', () => {
  const [a, b] = [1, 3].map((epochs) =>
    fabricatedReport({
      name: `run-${epochs}`,
      curves: curvesOf(fabricatedLog(epochs)),
      settings: [
        { name: 'optimizer', value: 'adam(lr: 0.001)' },
        { name: 'epochs', value: String(epochs) },
      ],
    }),
  );
  const page = renderComparison([a!, b!], library);
  const [loss] = chartsIn(page);
  expect(loss!.x.values).toEqual([1, 2, 3]);
  expect(loss!.series.map(({ label, values }) => [label, values])).toEqual([
    ['run-1', [2, null, null]],
    ['run-3', [2, 1, 2 / 3]],
  ]);
  const differences = page.slice(page.indexOf('id="h-differences"'), page.indexOf('id="h-curves"'));
  expect(differences).toContain('epochs');
  expect(differences).not.toContain('optimizer');
});
