/** A way in which the names of images and masks often differ. */
interface Difference {
  /** What both names have in common. */
  readonly key: (name: string) => string;
  readonly explain: (image: string, mask: string) => string;
}

const differences: readonly Difference[] = [
  {
    key: (name) => name.slice(name.lastIndexOf('/') + 1),
    explain: (image, mask) =>
      `"${mask}" probably belongs to "${image}": an image and its mask lie in folders of the same names. Masks with a folder for each class, or several masks for one image, are not supported: every pixel is of one class, written into one file.`,
  },
  {
    key: (name) => name.normalize('NFC'),
    explain: (image) =>
      `The names of image and mask "${image}" look alike, but their accents are stored in two ways (Unicode NFC and NFD): rename one of them.`,
  },
  {
    key: (name) => name.normalize('NFC').toLowerCase(),
    explain: (image, mask) =>
      `"${mask}" probably belongs to "${image}": names have to agree in upper and lower case.`,
  },
  {
    key: (name) => name.trim(),
    explain: (image, mask) =>
      `"${mask}" probably belongs to "${image}": one of the names has blanks around it.`,
  },
  {
    key: (name) => name.toLowerCase().replace(/\d+/g, (digits) => String(BigInt(digits))),
    explain: (image, mask) =>
      `"${mask}" probably belongs to "${image}": numbers in names need the same zeros in front.`,
  },
];

/** Part of the files that a reason has to explain. */
const ENOUGH = 0.5;

/**
 * The likely reason why images and masks do not find each other, as help lines:
 * a common beginning or ending, letters, zeros in front. Nothing is paired on a guess.
 *
 * @param images names without extension of images without a mask, `masks` the reverse.
 */
export function explainUnpaired(
  images: readonly string[],
  masks: readonly string[],
): readonly string[] {
  if (images.length === 0 || masks.length === 0) return [];
  const needed = Math.max(1, ENOUGH * Math.min(images.length, masks.length));
  for (const { key, explain } of differences) {
    const matches = matchBy(images, masks, key, key);
    if (matches.length >= needed) return [explain(...matches[0]!)];
  }
  const affixes = explainAffixes(images, masks, needed);
  return affixes === undefined ? [] : [affixes];
}

/** Pairs of names that agree once their own beginnings and endings are taken off. */
function explainAffixes(
  images: readonly string[],
  masks: readonly string[],
  needed: number,
): string | undefined {
  const ofImages = affixCandidates(images);
  const ofMasks = affixCandidates(masks);
  let best: readonly (readonly [string, string])[] = [];
  let advice = '';
  for (const image of ofImages) {
    for (const mask of ofMasks) {
      const matches = matchBy(images, masks, cutter(image), cutter(mask));
      if (matches.length < needed || matches.length <= best.length) continue;
      best = matches;
      const [imageName, maskName] = matches[0]!;
      const ways = [describeAffix('Masks', mask), describeAffix('images', image)];
      const named = ways.filter((way) => way !== '').join(', ');
      const target = image.head + image.tail === '' ? imageName : cutter(image)(imageName);
      const also = target === imageName ? '' : ` and "${imageName}" too`;
      advice = `${named.charAt(0).toUpperCase()}${named.slice(1)}: an image and its mask need the same name. Rename "${maskName}" to "${target}"${also}, and so on.`;
    }
  }
  return best.length === 0 ? undefined : advice;
}

interface Affix {
  readonly head: string;
  readonly tail: string;
}

/** Words that tell masks and images apart in names. */
const WORDS =
  '(?:masks?|labels?|seg(?:mentations?)?|segmented|gt|ground[_-]?truth|annotations?|anno|manual\\d*|target|l|im(?:age)?s?|img|raw|input|sat|png|jpe?g|tiff?)';
const TAIL = new RegExp(`(?:[._ -]+${WORDS})+$`, 'i');
const HEAD = new RegExp(`^(?:${WORDS}[._ -]+)+`, 'i');

/** Nothing, the word that a name begins or ends with, and what all names have in common. */
function affixCandidates(names: readonly string[]): readonly Affix[] {
  const [first = ''] = names;
  const found: Affix[] = [{ head: '', tail: '' }];
  const tail = TAIL.exec(first)?.[0] ?? '';
  const head = HEAD.exec(first)?.[0] ?? '';
  if (tail !== '') found.push({ head: '', tail });
  if (head !== '') found.push({ head, tail: '' });
  if (names.length > 1) {
    const common = { head: commonHead(names), tail: commonTail(names) };
    if (common.head !== '') found.push({ head: common.head, tail: '' });
    if (common.tail !== '') found.push({ head: '', tail: common.tail }, common);
  }
  return found;
}

function cutter({ head, tail }: Affix): (name: string) => string {
  return (name) => {
    const from = name.startsWith(head) ? head.length : 0;
    const to = name.endsWith(tail) ? name.length - tail.length : name.length;
    return name.slice(from, Math.max(from, to));
  };
}

function describeAffix(what: string, { head, tail }: Affix): string {
  const parts = [
    ...(head === '' ? [] : [`begin with "${head}"`]),
    ...(tail === '' ? [] : [`end in "${tail}"`]),
  ];
  return parts.length === 0 ? '' : `${what} ${parts.join(' and ')}`;
}

/** Names that have one key, each key once on both sides. */
function matchBy(
  images: readonly string[],
  masks: readonly string[],
  keyOfImage: (name: string) => string,
  keyOfMask: (name: string) => string,
): readonly (readonly [image: string, mask: string])[] {
  const byKey = new Map<string, string>();
  for (const image of images) byKey.set(keyOfImage(image), image);
  const used = new Set<string>();
  return masks.flatMap((mask) => {
    const key = keyOfMask(mask);
    const image = byKey.get(key);
    if (image === undefined || key === '' || used.has(key)) return [];
    used.add(key);
    return [[image, mask] as const];
  });
}

function commonHead(names: readonly string[]): string {
  let [head = ''] = names;
  for (const name of names) {
    while (!name.startsWith(head)) head = head.slice(0, -1);
  }
  return head;
}

function commonTail(names: readonly string[]): string {
  const reversed = (name: string): string => [...name].reverse().join('');
  return reversed(commonHead(names.map(reversed)));
}
