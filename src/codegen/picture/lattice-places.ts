import type { NodeId } from '../../ir/graph.js';
import { affineSize } from '../../ir/sizes/analysis.js';
import type { DrawnModel } from './kept-nodes.js';
import { isOutput, type BoxKind } from './picture.js';
import type { Sources } from './sources.js';

/** The row of each box: resolutions from the largest, rounding aside; a classification stands where it is made. */
export function rowsOf(
  sizes: DrawnModel['sizes'],
  kept: ReadonlyMap<NodeId, BoxKind>,
  found: readonly ({ readonly id: NodeId } & Sources)[],
): ReadonlyMap<NodeId, number> {
  const [legal] = sizes.height.residues;
  const scaleOf = (id: NodeId): number =>
    legal === undefined ? 1 : affineSize(sizes.height, legal, id).scale;
  const own = [...kept]
    .filter(([, kind]) => kind !== 'classification')
    .map(([id]) => ({ id, level: Math.round(-2 * Math.log2(Math.max(scaleOf(id), 2 ** -12))) }));
  const levels = [...new Set(own.map(({ level }) => level))].sort((a, b) => a - b);
  const rows = new Map(own.map(({ id, level }) => [id, levels.indexOf(level)]));
  for (const { id, sources } of found) {
    const source = sources[0]?.from;
    // Outputs stand beside what they are made of, also where they are brought to full size;
    // one that classifies the whole image stands below.
    if (isOutput(kept.get(id)!) && source !== undefined) {
      const body = sources.find(({ from }) => !isOutput(kept.get(from)!))?.from ?? source;
      const below = kept.get(id) === 'classification' ? 1 : 0;
      rows.set(id, (rows.get(body) ?? 0) + below);
    }
  }
  return rows;
}

/**
 * Steps to the right along each row: 0 for the encoder, then one more than everything
 * of the same row or below that a node merges. Empty where two boxes of a row would
 * stand in one place: such a network is no lattice.
 */
export function columnsOf(
  found: readonly ({ readonly id: NodeId } & Sources)[],
  kept: ReadonlyMap<NodeId, BoxKind>,
  rows: ReadonlyMap<NodeId, number>,
): ReadonlyMap<NodeId, number> {
  const columns = new Map<NodeId, number>();
  const taken = new Set<string>();
  for (const { id, sources } of found) {
    const kind = kept.get(id)!;
    if (isOutput(kind)) continue;
    const row = rows.get(id)!;
    const before = sources.filter(({ from }) => rows.get(from)! >= row);
    const isStart = kind === 'input' || (kind === 'encoder' && before.length === 0);
    const most = Math.max(-1, ...before.map(({ from }) => columns.get(from) ?? 0));
    // An image that no level is above stands before the first one.
    const column = kind === 'input' ? -1 : isStart ? 0 : most + 1;
    columns.set(id, column);
    const place = `${row} ${column}`;
    if (taken.has(place)) return new Map();
    taken.add(place);
  }
  return columns;
}
