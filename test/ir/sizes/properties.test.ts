import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Graph } from '../../../src/ir/graph.js';
import { sizeAt, type AxisAnalysis } from '../../../src/ir/sizes/analysis.js';
import { walkAxis } from '../../../src/ir/sizes/concrete.js';
import { describeSize } from '../../../src/ir/sizes/describe.js';
import {
  accepts,
  analyseSizes,
  legalAtLeast,
  legalAtMost,
  type SizeAnalysis,
} from '../../../src/ir/sizes/sizes.js';
import { graphOf } from '../compile.js';
import { anySpec } from './random-spec.js';
import { readFormula } from './evaluate-size.js';

const runs = { seed: 20150518, numRuns: Number(process.env['RUNS'] ?? 200) };
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
      if (sizes === undefined) return;
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
