"""Metrics by their published definitions -> metric-definitions.json.

Outlines and distances by scipy, ranks by scipy's rankdata (Mann and Whitney 1947), objects by
scipy's connected parts and an assignment of all pairs. Needs numpy and scipy."""
import json
import numpy as np
from scipy.ndimage import binary_erosion, distance_transform_edt, label
from scipy.optimize import linear_sum_assignment
from scipy.stats import rankdata

IGNORED = 255
rng = np.random.default_rng(7)


def outlines(predicted, truth, found):
    known = truth != IGNORED
    a, b = (predicted == found) & known, (truth == found) & known
    return a ^ binary_erosion(a), b ^ binary_erosion(b)


def distances(predicted, truth, found):
    a, b = outlines(predicted, truth, found)
    if not a.any() and not b.any(): return None
    if not a.any() or not b.any(): return 'one'
    return distance_transform_edt(~b)[a], distance_transform_edt(~a)[b]


def surface_distance(predicted, truth, found):
    """Heimann et al. 2009, average symmetric surface distance."""
    ways = distances(predicted, truth, found)
    if ways is None: return None
    if ways == 'one': return float(np.hypot(*truth.shape))
    return float((ways[0].sum() + ways[1].sum()) / (len(ways[0]) + len(ways[1])))


def boundary_f1(predicted, truth, found, tolerance):
    """Csurka et al. 2013, section 2.2."""
    ways = distances(predicted, truth, found)
    if ways is None: return None
    if ways == 'one': return 0.0
    p, r = (float((way <= tolerance).mean()) for way in ways)
    return 0.0 if p + r == 0 else 2 * p * r / (p + r)


def auc(p, truth, found):
    known = truth != IGNORED
    chance = p[known] if p.ndim == 2 else p[known][:, found]
    if p.ndim == 2 and found == 0: chance = 1 - chance
    yes = truth[known] == found
    n, m = int(yes.sum()), int((~yes).sum())
    if n * m == 0: return None
    return float((rankdata(chance)[yes].sum() - n * (n + 1) / 2) / (n * m))


def binned(chance, right, bins):
    """Naeini et al. 2015."""
    if len(chance) == 0: return None
    places = np.clip((chance * bins).astype(int), 0, bins - 1)
    return float(sum(np.sum(places == b) / len(chance)
                     * abs(chance[places == b].mean() - right[places == b].mean())
                     for b in range(bins) if (places == b).any()))


def calibration_error(p, truth, found, bins):
    """By class; `likeliest` as Guo et al. 2017, equation 3."""
    known = truth != IGNORED
    if p.ndim == 2:
        chance = p[known] if found in (1, 'likeliest') else 1 - p[known]
        return binned(chance, (truth[known] == (0 if found == 0 else 1)).astype(float), bins)
    values = p[known]
    if found == 'likeliest':
        best = values.argmax(1)
        return binned(values.max(1), (truth[known] == best).astype(float), bins)
    return binned(values[:, found], (truth[known] == found).astype(float), bins)


def matched(predicted, truth, found, limit):
    """TP, FP, FN and the sum of IoU of an assignment of all pairs; pairs count above the limit.
    Predictions that lie on ignored pixels by more than a half are left out (Kirillov et al. 2019).
    """
    known = truth != IGNORED
    ours, n = label(predicted == found)
    theirs, m = label(truth == found)
    table = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            a, b = (ours == i + 1) & known, (theirs == j + 1) & known
            union = (a | b).sum()
            table[i, j] = (a & b).sum() / union if union else 0
    rows, columns = linear_sum_assignment(table, maximize=True) if n and m else ([], [])
    pairs = [(i, j) for i, j in zip(rows, columns) if table[i, j] > limit]
    left = [i for i in range(n) if i not in [pair[0] for pair in pairs]]
    wrong = [i for i in left if (~known)[ours == i + 1].mean() <= 0.5]
    return len(pairs), len(wrong), m - len(pairs), float(sum(table[pair] for pair in pairs))


def blobs(rows, columns, *centres):
    y, x = np.mgrid[0:rows, 0:columns]
    out = np.zeros((rows, columns), int)
    for found, cy, cx, r in centres:
        out[(y - cy) ** 2 + (x - cx) ** 2 <= r * r] = found
    return out


def softened(mask, classes, noise):
    """Probabilities that mostly say what a mask does, in steps of 1/64."""
    logits = 3.0 * (mask[..., None] == np.arange(classes)) + noise * rng.normal(size=(*mask.shape, classes))
    e = np.exp(logits - logits.max(-1, keepdims=True))
    p = np.round(64 * e / e.sum(-1, keepdims=True)) / 64
    return p[..., 1] if classes == 2 else p


def noisy(mask):
    out = mask.copy()
    out[rng.random(mask.shape) < 0.08] = IGNORED
    return out


two = blobs(18, 22, (1, 5, 5, 4), (1, 12, 15, 3), (1, 4, 17, 2))
moved = blobs(18, 22, (1, 6, 6, 4), (1, 12, 14, 3), (1, 15, 4, 2))
three = blobs(16, 15, (1, 5, 4, 4), (2, 10, 10, 4), (1, 13, 2, 1))
moved3 = blobs(16, 15, (1, 5, 5, 4), (2, 10, 9, 3), (2, 2, 12, 2))
half = two.copy()
half[:, 11:] = IGNORED
pairs = [
    ('two', 2, moved, two), ('two, holes', 2, moved, noisy(two)), ('half ignored', 2, moved, half),
    ('three', 3, moved3, three), ('three, holes', 3, moved3, noisy(three)),
    ('equal', 3, three, three), ('nothing true', 2, moved, np.zeros_like(two)),
    ('nothing found', 2, np.zeros_like(two), two), ('nothing at all', 2, np.zeros_like(two), np.zeros_like(two)),
    ('all ignored', 2, moved, np.full_like(two, IGNORED)), ('one pixel', 2, np.array([[1]]), np.array([[1]])),
    ('full', 2, np.ones((4, 5), int), np.ones((4, 5), int)),
    ('one row', 3, np.array([[0, 1, 1, 2, 0, 0, 1]]), np.array([[0, 1, 2, 2, 0, 1, 1]])),
]
cases = []
for name, classes, predicted, truth in pairs:
    p = softened(predicted, classes, 1.2)
    found = (p > 0.5).astype(int) if classes == 2 else p.argmax(-1)
    every = range(classes)
    cases.append(dict(
        name=name, classes=classes, height=truth.shape[0], width=truth.shape[1],
        p=p.flatten().tolist(), truth=truth.flatten().tolist(),
        surface_distance=[surface_distance(found, truth, c) for c in every],
        boundary_f1={str(t): [boundary_f1(found, truth, c, t) for c in every] for t in (0, 1, 2, 2.5)},
        auc=[auc(p, truth, c) for c in every],
        calibration_error={str(b): dict(classes=[calibration_error(p, truth, c, b) for c in every],
                                        mean=calibration_error(p, truth, 'likeliest', b)) for b in (15, 4)},
        objects={str(t): [None] + [matched(found, truth, c, t) for c in every if c > 0] for t in (0.5, 0.75)},
    ))
with open('metric-definitions.json', 'w') as file:
    file.write(json.dumps(dict(cases=cases)).replace('}, {"name"', '},\n{"name"') + '\n')
