import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { sizeMessages } from '../../../src/diagnostics/messages/sizes.js';
import { compileText } from '../../../src/compile.js';
import type { Graph } from '../../../src/ir/graph.js';
import { sizeAt, type AxisAnalysis } from '../../../src/ir/sizes/analysis.js';
import { walkAxis, walkSizes } from '../../../src/ir/sizes/concrete.js';
import { describeSize } from '../../../src/ir/sizes/describe.js';
import {
  accepts,
  analyseSizes,
  legalAtLeast,
  legalAtMost,
  type SizeAnalysis,
} from '../../../src/ir/sizes/sizes.js';
import { graphOf } from '../../frontend/compile.js';
import { anySpec, unetSpec } from './random-spec.js';
import { readFormula } from './evaluate-size.js';

const runs = { seed: 20150518, numRuns: Number(process.env['RUNS'] ?? 100) };
const most = 200;
const sizesUpTo = (last: number): readonly number[] =>
  Array.from({ length: last }, (_, index) => index + 1);

/** Proved sizes of a graph whose strides multiply to something reasonable; else undefined. */
function prove(graph: Graph): SizeAnalysis | undefined {
  const result = analyseSizes(graph);
  return result.kind === 'sizes' ? result.sizes : undefined;
}

/** Runs a check on both axes of random networks. */
function forEveryAxis(check: (graph: Graph, analysis: AxisAnalysis) => void): void {
  fc.assert(
    fc.property(anySpec, (text) => {
      const graph = graphOf(text);
      const sizes = prove(graph);
      fc.pre(sizes !== undefined);
      check(graph, sizes.height);
      check(graph, sizes.width);
    }),
    runs,
  );
}

describe('for random networks', () => {
  test('the proof accepts exactly the sizes that a walk through the network does', () => {
    forEveryAxis((graph, analysis) => {
      const walked = sizesUpTo(most).filter(
        (size) => walkAxis(graph, analysis.axis, size).failures.length === 0,
      );
      expect(sizesUpTo(most).filter((size) => accepts(analysis, size))).toEqual(walked);
    });
  });

  test('the proved size of every tensor is the size that the walk finds', () => {
    forEveryAxis((graph, analysis) => {
      for (const size of sizesUpTo(most).filter((each) => accepts(analysis, each))) {
        const { sizes } = walkAxis(graph, analysis.axis, size);
        expect(graph.nodes.map(({ id }) => sizeAt(analysis, id, size))).toEqual(sizes);
      }
    });
  });

  test('the nearest legal sizes are legal, and nothing between is', () => {
    forEveryAxis((_, analysis) => {
      for (const size of [1, 17, 100, most]) {
        const all = sizesUpTo(2 * most).filter((each) => accepts(analysis, each));
        const above = all.find((each) => each >= size);
        const below = all.findLast((each) => each <= size);
        expect(legalAtMost(analysis, size)).toBe(below);
        const found = legalAtLeast(analysis, size);
        if (above !== undefined) expect(found).toBe(above);
        else expect(found ?? Infinity).toBeGreaterThan(2 * most);
      }
    });
  });

  test('a size written as a formula gives the size', () => {
    forEveryAxis((graph, analysis) => {
      const legal = sizesUpTo(most).filter((each) => accepts(analysis, each));
      for (const { id } of graph.nodes) {
        const text = describeSize(analysis, id);
        // No single formula covers every residue.
        if (text.startsWith('~') || text === '?') continue;
        expect([text, legal.map(readFormula(text))]).toEqual([
          text,
          legal.map((size) => sizeAt(analysis, id, size)),
        ]);
      }
    });
  });
});

/** Sizes at which a walk along both axes meets no failure. */
const walkBoth = (graph: Graph): readonly number[] =>
  sizesUpTo(most).filter((size) =>
    ([0, 1] as const).every((axis) => walkAxis(graph, axis, size).failures.length === 0),
  );

/** Codes of messages of sizes. */
const codesOfSizes: ReadonlySet<string> = new Set(
  Object.values(sizeMessages).map(({ code }) => code),
);

test('an input of one size for both axes takes what both take', () => {
  fc.assert(
    fc.property(anySpec, (text) => {
      const graph = graphOf(text.replace('[H, W, 1]', '[H, H, 1]'));
      const sizes = prove(graph);
      fc.pre(sizes !== undefined);
      const walked = walkBoth(graph);
      for (const analysis of [sizes.height, sizes.width]) {
        expect(sizesUpTo(most).filter((size) => accepts(analysis, size))).toEqual(walked);
        for (const size of walked.slice(0, 20)) {
          const real = walkAxis(graph, analysis.axis, size).sizes;
          expect(graph.nodes.map(({ id }) => sizeAt(analysis, id, size))).toEqual(real);
        }
      }
    }),
    runs,
  );
});

test('a fixed size compiles when it is legal, else there is one error of sizes', () => {
  const size = fc.integer({ min: 1, max: 100 });
  fc.assert(
    fc.property(anySpec, size, size, (text, height, width) => {
      const fixed = text.replace('[H, W, 1]', `[${height}, ${width}, 1]`);
      const isLegal = walkSizes(graphOf(fixed), height, width).failures.length === 0;
      const { models, diagnostics } = compileText('test.unet', fixed);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      const codes = errors.map(({ code }) => code);
      fc.pre(codes[0] !== 'UNET4007');
      expect([isLegal, codes.length, models.length]).toEqual(
        isLegal ? [true, 0, 1] : [false, 1, 0],
      );
      expect(codes.filter((code) => !codesOfSizes.has(code))).toEqual([]);
    }),
    runs,
  );
});

test('the fixes of a size error lead to a network without it', () => {
  const size = fc.integer({ min: 1, max: 100 });
  let fixed = 0;
  fc.assert(
    fc.property(unetSpec, size, size, (text, height, width) => {
      const spec = text.replace('[H, W, 1]', `[${height}, ${width}, 1]`);
      const [first] = compileText('test.unet', spec).diagnostics;
      for (const { edits } of first?.fixes ?? []) {
        const repaired = [...edits]
          .sort((one, other) => other.span.start - one.span.start)
          .reduce(
            (now, { span, text: edit }) => now.slice(0, span.start) + edit + now.slice(span.end),
            spec,
          );
        const { diagnostics } = compileText('test.unet', repaired);
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        fixed += 1;
      }
    }),
    runs,
  );
  expect(fixed).toBeGreaterThan(20);
});
