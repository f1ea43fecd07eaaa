import { joinRows } from '../data/join-rows.js';
import { IGNORED, type ClassMask } from '../data/pixels.js';
import { labelObjects } from '../losses/objects.js';
import { ImageMeans } from './image-means.js';
import { addObjects, matchObjects, noObjects, type ObjectCounts } from './instances.js';
import type { Measure } from './measure.js';
import { foregroundMean } from './metrics.js';
import type { MetricOptions } from '../../ir/metric-options.js';
import type { OutlineMetric } from './outline-metrics.js';

/** What is measured in whole masks: the rows are kept until the image is there. */
function measureMasks(
  threshold: number,
  measure: (predicted: ClassMask, truth: ClassMask) => void,
  value: Measure['value'],
): Measure {
  let rows: (readonly [predicted: ClassMask, truth: ClassMask])[] = [];
  return {
    add: ({ truth, classes }) => void rows.push([classes(threshold), truth]),
    endImage: () => {
      const predicted = joinRows(rows.map(([mask]) => mask));
      const truth = joinRows(rows.map(([, mask]) => mask));
      rows = [];
      measure(predicted, truth);
    },
    dropImage: () => {
      rows = [];
    },
    value,
  };
}

/** A measure of outlines, each image for itself; the mean of them. */
export function measureOutlines(
  metric: OutlineMetric,
  { threshold }: MetricOptions,
  classCount: number,
): Measure {
  const means = new ImageMeans(classCount);
  return measureMasks(
    threshold,
    (predicted, truth) =>
      means.add(Array.from({ length: classCount }, (_, found) => metric(predicted, truth, found))),
    () => means.value(),
  );
}

/**
 * A measure of objects, the connected parts of each class but the background, which has none:
 * of all images together, or the mean of each.
 */
export function measureObjects(
  metric: (counts: ObjectCounts) => number | undefined,
  { threshold, iou, perImage }: MetricOptions,
  classCount: number,
): Measure {
  const means = new ImageMeans(classCount);
  const totals = new Array<ObjectCounts>(classCount).fill(noObjects);
  const valuesOf = (counts: readonly ObjectCounts[]): readonly (number | undefined)[] =>
    counts.map((each, found) => (found === 0 ? undefined : metric(each)));
  return measureMasks(
    threshold,
    (predicted, truth) => {
      const counts = countObjects(predicted, truth, classCount, iou);
      for (const [found, each] of counts.entries())
        totals[found] = addObjects(totals[found]!, each);
      means.add(valuesOf(counts));
    },
    () => {
      if (perImage) return means.value();
      const classes = valuesOf(totals);
      return { classes, mean: foregroundMean(classes) };
    },
  );
}

/** By class, the background first. */
function countObjects(
  predicted: ClassMask,
  truth: ClassMask,
  classCount: number,
  iou: number,
): readonly ObjectCounts[] {
  const [found, there] = [labelObjects(predicted).labels, labelObjects(truth).labels];
  const isIgnored = (at: number): boolean => truth.data[at] === IGNORED;
  return Array.from({ length: classCount }, (_, c) => {
    if (c === 0) return noObjects;
    const ofClass = (labels: Int32Array, { data }: ClassMask): Int32Array =>
      labels.map((label, at) => (data[at] === c ? label : 0));
    return matchObjects(ofClass(found, predicted), ofClass(there, truth), iou, isIgnored);
  });
}
