/** Images that are under way at a time. */
const mostImages = 8;

/** Pixels of all images under way, beyond which none is begun: 16 million. */
const mostPixels = 2 ** 24;

/** One image: `opened` is called, at most once, when its size is known. */
export type WorkOnImage<Item, Value> = (
  item: Item,
  opened: (pixels: number) => void,
) => Promise<Value>;

/**
 * Works on images side by side and gives what comes of them in their order: while one runs
 * through the network the next one is decoded, and those before it are written. At most one
 * of them has an unknown size at any time, and the pixels of all have a bound, which a single
 * image may exceed.
 *
 * After a failure no image is begun; what comes of those before it, and of others that were
 * under way, is given before the failure is thrown.
 */
export async function* inOrder<Item, Value>(
  items: Iterable<Item>,
  work: WorkOnImage<Item, Value>,
): AsyncGenerator<readonly [Item, Value]> {
  const underWay: Under<Item, Value>[] = [];
  let failure: { readonly error: unknown } | undefined;
  let pixels = 0;
  const begin = (item: Item): Under<Item, Value> => {
    let own = 0;
    let isOpen: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (isOpen = resolve));
    const ended = work(item, (count) => {
      own = count;
      pixels += own;
      isOpen();
    })
      .then((value) => ({ value }))
      .catch((error: unknown) => {
        failure ??= { error };
        return undefined;
      })
      .finally(() => {
        pixels -= own;
        isOpen();
      });
    const under: Under<Item, Value> = { item, opened, ended, isOver: false };
    void ended.then(() => (under.isOver = true));
    return under;
  };
  const next = async function* (): AsyncGenerator<readonly [Item, Value]> {
    const { item, ended } = underWay.shift()!;
    const result = await ended;
    if (result !== undefined) yield [item, result.value];
  };
  for (const item of items) {
    while (underWay.length >= mostImages || (underWay.length > 0 && pixels >= mostPixels)) {
      yield* next();
    }
    if (failure !== undefined) break;
    const begun = begin(item);
    underWay.push(begun);
    await begun.opened;
    while (underWay[0]?.isOver === true) yield* next();
  }
  while (underWay.length > 0) yield* next();
  if (failure !== undefined) throw failure.error;
}

interface Under<Item, Value> {
  readonly item: Item;
  /** Resolves when the size is known, or the work is over. */
  readonly opened: Promise<void>;
  /** What came of it; undefined where it failed. */
  readonly ended: Promise<{ readonly value: Value } | undefined>;
  isOver: boolean;
}
