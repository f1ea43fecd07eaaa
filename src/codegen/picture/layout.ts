import { layOutLattice } from './lattice-layout.js';
import { depthsOf, layOutInColumns } from './column-layout.js';
import { isOutput, type Picture } from './picture.js';
import type { PlacedPicture } from './placed-picture.js';

/**
 * How many steps, from column to column, all arrows together may have for dagre, which
 * makes a node of each and compares them: a second or two for so many, minutes for ten
 * times as many.
 */
const stepLimit = 4000;

/**
 * Gives every box its place. A network of levels is drawn as the papers do: a row for
 * each resolution, the encoder stepping down and right, the decoder up and right, so
 * that the space between belongs to the skips. One that follows no lattice is laid out
 * by dagre, from left to right; one that is too large for it, in columns by what each
 * tensor is made of. dagre is loaded when it is needed first.
 */
export async function layOut(picture: Picture): Promise<PlacedPicture> {
  const isLattice = picture.boxes.every(
    ({ column, kind }) => column !== undefined || isOutput(kind),
  );
  if (isLattice) return layOutLattice(picture);
  const depths = depthsOf(picture);
  const steps = picture.arrows.reduce(
    (sum, { from, to }) => sum + depths.get(to)! - depths.get(from)!,
    picture.boxes.length,
  );
  if (steps > stepLimit) return layOutInColumns(picture, depths);
  const { layOutFreely } = await import('./free-layout.js');
  return layOutFreely(picture);
}
