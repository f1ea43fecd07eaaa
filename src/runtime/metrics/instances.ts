/**
 * How objects that were found agree with those that are there. Labels are numbers by pixel: 0 is
 * no object, every other number one object, in one piece or several.
 */
export interface ObjectCounts {
  /** Pairs that overlap by more than the limit. */
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  /** The sum of the intersections over unions of the pairs. */
  readonly overlap: number;
}

/** No objects at all. */
export const noObjects: ObjectCounts = {
  truePositives: 0,
  falsePositives: 0,
  falseNegatives: 0,
  overlap: 0,
};

/**
 * Pairs predicted objects with true ones whose intersection over union with them is larger than
 * `iou`. From a half on an object has one partner at most (Kirillov et al. 2019, section 4.1), so
 * there is nothing to choose.
 *
 * Ignored pixels belong to no object. A predicted object without a partner that lies on them by
 * more than a half is not counted.
 *
 * @param predicted, truth labels of the same pixels.
 * @param iou from 0.5 to below 1.
 * @param isIgnored whether a pixel has no truth; none unless given.
 */
export function matchObjects(
  predicted: Int32Array,
  truth: Int32Array,
  iou: number,
  isIgnored: (at: number) => boolean = () => false,
): ObjectCounts {
  if (iou < 0.5) throw new Error(`objects that overlap by ${iou} may have several partners`);
  const [found, there, ignored] = [new Sizes(), new Sizes(), new Sizes()];
  const shared = new Map<number, Sizes>();
  for (let at = 0; at < truth.length; at++) {
    const [one, other] = [predicted[at]!, truth[at]!];
    if (isIgnored(at)) {
      if (one !== 0) ignored.add(one);
      continue;
    }
    if (one !== 0) found.add(one);
    if (other !== 0) there.add(other);
    if (one === 0 || other === 0) continue;
    const partners = shared.get(one) ?? new Sizes();
    shared.set(one, partners);
    partners.add(other);
  }
  let [truePositives, overlap] = [0, 0];
  const paired = new Set<number>();
  for (const [one, partners] of shared) {
    for (const [other, intersection] of partners.all) {
      const union = found.of(one) + there.of(other) - intersection;
      if (intersection / union <= iou) continue;
      truePositives++;
      overlap += intersection / union;
      paired.add(one);
    }
  }
  const alone = [...new Set([...found.all.keys(), ...ignored.all.keys()])].filter(
    (one) => !paired.has(one) && ignored.of(one) <= found.of(one),
  );
  return {
    truePositives,
    falsePositives: alone.length,
    falseNegatives: there.all.size - truePositives,
    overlap,
  };
}

/** Pixels by object. */
class Sizes {
  readonly all = new Map<number, number>();

  add(object: number): void {
    this.all.set(object, this.of(object) + 1);
  }

  of(object: number): number {
    return this.all.get(object) ?? 0;
  }
}

/** What is counted in two sets of images together. */
export function addObjects(one: ObjectCounts, other: ObjectCounts): ObjectCounts {
  return {
    truePositives: one.truePositives + other.truePositives,
    falsePositives: one.falsePositives + other.falsePositives,
    falseNegatives: one.falseNegatives + other.falseNegatives,
    overlap: one.overlap + other.overlap,
  };
}

/**
 * TP / (TP + FP + FN), the average precision of objects without a confidence (Caicedo et al.
 * 2019, DSB 2018); undefined where there are no objects and none were found.
 */
export function averagePrecision(counts: ObjectCounts): number | undefined {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn } = counts;
  return tp + fp + fn === 0 ? undefined : tp / (tp + fp + fn);
}

/**
 * sum IoU / (TP + FP / 2 + FN / 2), of pairs that overlap by more than a half (Kirillov et al.
 * 2019); undefined where there are no objects and none were found.
 */
export function panopticQuality(counts: ObjectCounts): number | undefined {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, overlap } = counts;
  return tp + fp + fn === 0 ? undefined : overlap / (tp + fp / 2 + fn / 2);
}
