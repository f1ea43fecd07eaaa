import { numberText } from './numbers.js';
import type { DataPlan } from './plan.js';
import { hasDistances } from './targets.js';

/** What computes the weight maps of a loss; nothing where it has none. */
export function mapsText({ maps, colours, data }: DataPlan): readonly string[] {
  if (maps.length === 0) {
    return hasDistances(data.targets) ? [objectsOf, squaredDistances] : [];
  }
  const rows = maps.map(({ options }) => {
    const [w0, sigma] = [options['w0'], options['sigma']] as [number, number];
    return `        borders(labels, ${numberText(w0)}, ${numberText(sigma)}),`;
  });
  const reader = colours === undefined ? 'read_levels' : 'read_numbers';
  return [
    `def weights_of(item: Item, mask: Mask) -> Pixels:
    """The weight maps of the loss, [H, W, maps]: the balance of the classes, and beside
    it what the borders between objects weigh (Ronneberger et al. 2015, equation 2).
    """
    labels = ${reader}(item.instances) if item.instances else objects_of(mask)
    if labels.shape != mask.shape:
        raise DataError(f"{item.mask.label} and its instances differ in size")
    balance = np.ones(IGNORED + 1)
    balance[:CLASSES] = item.balance
    terms = [
${rows.join('\n')}
    ]
    maps = [balance[mask] + np.where(mask == 0, term, 0) for term in terms]
    return np.stack(maps, 2).astype(np.float32)`,
    objectsOf,
    borders,
    squaredDistances,
  ];
}

const objectsOf = `def objects_of(mask: Mask) -> Levels:
    """The connected parts of a mask by number, 0 for none: pixels of one class above 0
    that touch with their sides.
    """
    is_object = (mask != 0) & (mask != IGNORED)
    labels = np.where(is_object, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    before = np.zeros_like(labels)
    while (labels != before).any():
        before = labels.copy()
        for own, turned in ((mask, labels), (mask.T, labels.T)):
            same = (own[1:] == own[:-1]) & (turned[1:] > 0)
            one, other = turned[1:], turned[:-1]
            np.minimum(one, other, out=one, where=same)
            np.minimum(one, other, out=other, where=same)
        # Each takes the number that the pixel has that its number was made of.
        labels = np.where(is_object, labels.ravel()[labels - 1], 0)
    return labels`;

const borders = `def borders(labels: Levels, w0: float, sigma: float) -> Doubles:
    """w0 exp(-(d1 + d2)^2 / (2 sigma^2)), d the distances to the nearest objects."""
    reach = math.ceil(7.5 * sigma)
    nearest = np.full(labels.shape, np.inf)
    second = nearest.copy()
    for number in np.unique(labels[labels > 0]):
        rows, columns = np.nonzero(labels == number)
        part = (
            slice(max(0, int(rows.min()) - reach), int(rows.max()) + 1 + reach),
            slice(max(0, int(columns.min()) - reach), int(columns.max()) + 1 + reach),
        )
        distance = np.sqrt(squared_distances(labels[part] == number))
        second[part] = np.minimum(second[part], np.maximum(nearest[part], distance))
        nearest[part] = np.minimum(nearest[part], distance)
    terms: Doubles = w0 * np.exp(-((nearest + second) ** 2) / (2 * sigma**2))
    return terms`;

const squaredDistances = `def squared_distances(marked: NDArray[np.bool_]) -> Doubles:
    """Exact squared distances to the nearest marked pixel: along columns, then rows."""
    rows = np.arange(float(len(marked)))[:, None]
    above = np.maximum.accumulate(np.where(marked, rows, -np.inf))
    below = np.minimum.accumulate(np.where(marked, rows, np.inf)[::-1])[::-1]
    squares = np.minimum(rows - above, below - rows) ** 2
    places = np.arange(float(marked.shape[1]))
    apart = (places[:, None] - places) ** 2
    return np.stack([(line + apart).min(1) for line in squares])`;
