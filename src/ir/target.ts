/** Where a file of each pair lies. */
export interface TargetPlace {
  /** A folder inside the data folder; where a list names the files of pairs, its column. */
  readonly folder: string;
  /** What names of files end in behind that of the pair. */
  readonly suffix: string;
}

/**
 * What a head learns in place of the class masks of its data set: what a recipe says in
 * `target NAME`. The catalogue's docs say what each word does.
 */
export type Target =
  | {
      readonly kind: 'masks';
      readonly place: TargetPlace;
      /** The value of pixels without a class. */
      readonly ignore: number;
    }
  | {
      readonly kind: 'values';
      readonly place: TargetPlace;
      /** A value v of a file stands for scale v + offset. */
      readonly scale: number;
      readonly offset: number;
      /** The value of a file that stands for none, beside NaN; undefined where there is no such. */
      readonly ignore: number | undefined;
    }
  | {
      readonly kind: 'planes';
      /** One for each class, in the order of the head's channels. */
      readonly places: readonly TargetPlace[];
    }
  | { readonly kind: 'distance' };

export type TargetName = Target['kind'];

/** Targets by the names of heads; a head that is not named learns the class masks. */
export type HeadTargets = Readonly<Record<string, Target>>;

/**
 * What outputs stand for: `classes` that exclude each other, as a mask names them; `planes`, a
 * class for each channel that may lie over the others; or `values`, any numbers.
 */
export type TargetForm = 'classes' | 'planes' | 'values';

const forms: Readonly<Record<TargetName, TargetForm>> = {
  masks: 'classes',
  values: 'values',
  planes: 'planes',
  distance: 'values',
};

/** What a target asks of its head. */
export const formOf = ({ kind }: Target): TargetForm => forms[kind];

/** The places of a target's files, in their order; none where it is computed. */
export function placesOfTarget(target: Target): readonly TargetPlace[] {
  switch (target.kind) {
    case 'masks':
    case 'values':
      return [target.place];
    case 'planes':
      return target.places;
    case 'distance':
      return [];
  }
}

/** What a member of a shard is called that holds a target: `target_HEAD`, of several masks with a number. */
export function targetMembers(
  targets: HeadTargets,
): readonly { readonly head: string; readonly kind: string }[] {
  return Object.entries(targets).flatMap(([head, target]) => {
    const places = placesOfTarget(target);
    return places.map((_, at) => ({
      head,
      kind: places.length === 1 ? `target_${head}` : `target_${head}_${at}`,
    }));
  });
}
