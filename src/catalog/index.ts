import { augmentations } from './augmentations.js';
import { clippings } from './clippings.js';
import type { ComponentDeclaration, Family } from './component.js';
import { layers } from './layers.js';
import { losses } from './losses.js';
import { metrics } from './metrics.js';
import { optimizers } from './optimizers.js';
import { pairings } from './pairings.js';
import { postSteps } from './post-steps.js';
import { scalings } from './scalings.js';
import { schedules } from './schedules.js';
import { sectionFields } from './sections.js';
import { separations } from './separations.js';
import { sizePolicies } from './size-policies.js';
import { splits } from './splits.js';
import { targets } from './targets.js';
import { weightMaps } from './weight-maps.js';

/** Every component, by family and name. */
export const catalog = {
  layer: layers,
  loss: losses,
  weight_map: weightMaps,
  metric: metrics,
  optimizer: optimizers,
  schedule: schedules,
  clipping: clippings,
  augmentation: augmentations,
  size_policy: sizePolicies,
  scaling: scalings,
  pairing: pairings,
  split: splits,
  post_step: postSteps,
  separation: separations,
  target: targets,
  section: sectionFields,
} as const satisfies Record<Family, Readonly<Record<string, ComponentDeclaration>>>;

/** The names of the components of a family. */
export type NameOf<F extends Family> = keyof (typeof catalog)[F] & string;

/** How a family is called in messages. */
export const familyWords: Readonly<Record<Family, string>> = {
  layer: 'layer',
  loss: 'loss',
  weight_map: 'weight map',
  metric: 'metric',
  optimizer: 'optimizer',
  schedule: 'schedule',
  clipping: 'way to clip gradients',
  augmentation: 'augmentation',
  size_policy: 'size policy',
  scaling: 'scaling',
  pairing: 'pairing',
  split: 'split',
  post_step: 'post-processing step',
  separation: 'way to tell objects apart',
  target: 'target',
  section: 'section',
};

/** The declaration of a component, or undefined when the family has none of that name. */
export function findComponent(family: Family, name: string): ComponentDeclaration | undefined {
  const table: Readonly<Record<string, ComponentDeclaration>> = catalog[family];
  return isComponent(family, name) ? table[name] : undefined;
}

/** Whether a family has a component of that name. */
export const isComponent = <F extends Family>(family: F, name: string): name is NameOf<F> =>
  Object.hasOwn(catalog[family], name);

export function componentNames<F extends Family>(family: F): readonly NameOf<F>[] {
  return Object.keys(catalog[family]) as NameOf<F>[];
}
