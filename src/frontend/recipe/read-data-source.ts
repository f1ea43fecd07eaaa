import type { OptionsOf } from '../../catalog/options-of.js';
import type { Span } from '../../diagnostics/source.js';
import {
  PART,
  usualData,
  type DataSource,
  type PairingName,
  type PairSource,
  type SplitRule,
  type SplitRuleName,
} from '../../ir/data-source.js';
import type { ComponentCall } from '../../ir/recipe.js';
import type { Field } from '../../parser/ast.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import { placesOfTarget } from '../../ir/target.js';
import type { WrittenTargets } from './read-targets.js';

/** The fields of a recipe that say where data lie, once their types were checked. */
export interface DataFields {
  readonly pairs: ComponentCall<PairingName> | undefined;
  readonly split: ComponentCall<SplitRuleName> | undefined;
  readonly paths: Pick<OptionsOf<'section', 'train'>, PathField>;
  readonly targets: WrittenTargets;
}

const pathFields = ['images', 'masks', 'instances'] as const;
type PathField = (typeof pathFields)[number];

/**
 * Where the pairs of a recipe are found. Reports paths that lead out of the data folder, parts
 * in paths that nothing divides and the reverse, folds that do not exist, and splits and
 * pairings that do not go together.
 *
 * @param fields as written, for the places of problems.
 */
export function readDataSource(
  { pairs, split, paths, targets }: DataFields,
  fields: ReadonlyMap<string, Field>,
  context: EvaluationContext,
): DataSource {
  const rule = split ? ruleOf(split) : usualRule(pairs);
  if (split !== undefined) checkRule(split, rule, pairs, context);
  const isDivided = rule.kind === 'folders';
  const isUnused = (name: string): boolean => unused[pairs?.name ?? 'same_name'].includes(name);
  const path = (name: PathField): string => {
    const field = fields.get(name);
    const given = paths[name];
    if (given === undefined || field === undefined) return isDivided ? `${PART}/${name}` : name;
    const at = field.value.span;
    // One folder may hold the images of both parts: the document says which are of a part.
    const isShared = pairs?.name === 'coco' && name === 'images' && !given.includes(PART);
    if (isUnused(name)) reportUnused(name, pairs!.name, at, context);
    else if (isShared) checkInside(name, given, at, context);
    else checkPath(name, given, isDivided, at, context);
    return given;
  };
  const [images, masks, instances] = pathFields.map(path) as [string, string, string];
  const documents = fields.has('masks') ? masks : images;
  const source = pairsOf(pairs, { images, masks, instances, documents });
  if (source.kind === 'list') checkInside('pairs', source.file, pairs!.origin, context);
  else if (source.kind === 'coco') {
    checkPath('pairs', source.file, isDivided, pairs!.origin, context);
  } else if (source.kind === 'folders') {
    checkApart(source, pairs?.origin ?? fields.get('images')?.span, context);
  }
  for (const name of ['colors', 'ignore']) {
    const field = fields.get(name);
    if (field !== undefined && isUnused(name)) {
      reportUnused(name, pairs!.name, field.value.span, context);
    }
  }
  if (source.kind !== 'list') checkTargets(targets, source, isDivided, context);
  return { pairs: source, split: rule, targets: targets.targets };
}

/** Reports places of targets as those of masks are. */
function checkTargets(
  { targets, origins }: WrittenTargets,
  source: PairSource,
  isDivided: boolean,
  context: EvaluationContext,
): void {
  for (const [head, target] of Object.entries(targets)) {
    for (const { folder } of placesOfTarget(target)) {
      const field = `target ${head}`;
      const at = origins.get(head)!.origin;
      const isShared = source.kind === 'coco' && !folder.includes(PART);
      if (isShared) checkInside(field, folder, at, context);
      else checkPath(field, folder, isDivided, at, context);
    }
  }
}

/** The fields that have no meaning beside a pairing. */
const unused: Readonly<Record<PairingName, readonly string[]>> = {
  same_name: [],
  suffix: [],
  list: pathFields,
  coco: ['masks', 'instances', 'colors', 'ignore'],
  labelme: ['instances', 'colors', 'ignore'],
};

function reportUnused(
  field: string,
  pairing: PairingName,
  at: Span,
  { reporter }: EvaluationContext,
): void {
  const reason =
    pairing === 'list'
      ? 'the list of pairs holds whole paths'
      : `"${pairing}" outlines objects and names their classes`;
  reporter.report('data-field-unused', { field, reason }, { at });
}

function usualRule(pairs: ComponentCall<PairingName> | undefined): SplitRule {
  return pairs?.name === 'list' ? { kind: 'column' } : usualData.split;
}

function ruleOf({ name, options }: ComponentCall<SplitRuleName>): SplitRule {
  switch (name) {
    case 'folders':
      return { kind: name, ...(options as OptionsOf<'split', 'folders'>) };
    case 'fraction': {
      const { val, group, seed } = options as OptionsOf<'split', 'fraction'>;
      return { kind: name, val, group, seed };
    }
    case 'folds': {
      const { count, fold, group, seed } = options as OptionsOf<'split', 'folds'>;
      return { kind: name, count, fold, group, seed };
    }
    case 'lists':
      return { kind: name, ...(options as OptionsOf<'split', 'lists'>) };
    case 'column':
      return { kind: name };
  }
}

function pairsOf(
  pairs: ComponentCall<PairingName> | undefined,
  { documents, ...paths }: Readonly<Record<PathField | 'documents', string>>,
): PairSource {
  const { images } = paths;
  switch (pairs?.name) {
    case 'list':
      return { kind: 'list', file: (pairs.options as OptionsOf<'pairing', 'list'>).file };
    case 'coco': {
      const { file, others } = pairs.options as OptionsOf<'pairing', 'coco'>;
      return { kind: 'coco', images, file, others };
    }
    case 'labelme': {
      const { others } = pairs.options as OptionsOf<'pairing', 'labelme'>;
      return { kind: 'labelme', images, documents, others };
    }
    case 'suffix': {
      const { image, mask } = pairs.options as OptionsOf<'pairing', 'suffix'>;
      return { kind: 'folders', ...paths, suffixes: { image, mask } };
    }
    default:
      return { kind: 'folders', ...paths, suffixes: { image: '', mask: '' } };
  }
}

/** Images and masks in one folder need names that tell them apart. */
function checkApart(
  { images, masks, suffixes }: PairSource & { readonly kind: 'folders' },
  at: Span | undefined,
  { reporter }: EvaluationContext,
): void {
  if (images !== masks || suffixes.image !== suffixes.mask || at === undefined) return;
  const help = ['Say what the names of masks end in, as in pairs: suffix("_mask").'];
  reporter.report('pairs-alike', { folder: images }, { at, help });
}

function checkPath(
  field: string,
  path: string,
  isDivided: boolean,
  at: Span,
  context: EvaluationContext,
): void {
  if (path.includes(PART) !== isDivided) {
    const found = isDivided ? 'without' : 'with';
    const why = isDivided
      ? 'it stands for the words of "split", train and val unless given'
      : 'the split divides the pairs of one folder';
    const help = isDivided
      ? [`Write "${PART}/${path}", or divide one folder: split: fraction(0.2).`]
      : [`Take "${PART}" out.`];
    context.reporter.report('data-path-part', { field, path, found, why }, { at, help });
  }
  checkInside(field, path, at, context);
}

/** Reports a path that leads out of the data folder: a spec may come from anywhere. */
function checkInside(field: string, path: string, at: Span, { reporter }: EvaluationContext): void {
  const steps = path.split('/');
  const isInside = !/^[/\\]|^[A-Za-z]:|\0/.test(path) && path !== '' && !steps.includes('..');
  if (!isInside || path.includes('\\')) {
    reporter.report('data-path-outside', { field, path }, { at });
  }
}

function checkRule(
  { origin: at }: ComponentCall<SplitRuleName>,
  rule: SplitRule,
  pairs: ComponentCall<PairingName> | undefined,
  context: EvaluationContext,
): void {
  const { reporter } = context;
  if (rule.kind === 'folds' && rule.fold >= rule.count) {
    const { fold, count } = rule;
    reporter.report('fold-missing', { fold, count, last: count - 1 }, { at });
  }
  const isListed = pairs?.name === 'list';
  if (rule.kind === 'column' && !isListed) {
    const help = ['Write pairs: list("pairs.csv") beside it.'];
    reporter.report(
      'split-does-not-fit',
      { split: rule.kind, needs: 'a list of pairs' },
      { at, help },
    );
  }
  if (rule.kind === 'folders' && isListed) {
    const help = [
      'Take "split" out: the column "part" of the list says it; or use fraction or folds.',
    ];
    const needs = 'pairs that lie in folders, without a list';
    reporter.report('split-does-not-fit', { split: rule.kind, needs }, { at, help });
  }
  if (rule.kind !== 'lists' && rule.kind !== 'folders') return;
  for (const word of [rule.train, rule.val]) checkInside('split', word, at, context);
  if (rule.train === rule.val) {
    const parameters = { split: rule.kind, both: rule.train };
    reporter.report('split-parts-alike', parameters, { at });
  }
}
