"""Percentile Hausdorff distances of small masks -> hausdorff.json.

The definition of MedPy's hd95: outlines by binary erosion, distances by scipy's
exact transform, one percentile over both directions. Needs numpy and scipy."""
import json
import numpy as np
from scipy.ndimage import binary_erosion, distance_transform_edt


def distance(a, b, percentile):
    edge_a, edge_b = a ^ binary_erosion(a), b ^ binary_erosion(b)
    there = distance_transform_edt(~edge_b)[edge_a]
    back = distance_transform_edt(~edge_a)[edge_b]
    return float(np.percentile(np.hstack((there, back)), percentile))


def blob(rows, columns, cy, cx, ry, rx):
    y, x = np.mgrid[0:rows, 0:columns]
    return ((y - cy) / ry) ** 2 + ((x - cx) / rx) ** 2 <= 1


cases = []
shapes = {
    'shifted': ([(10, 10, 5, 6)], [(12, 13, 5, 6)]),
    'holes and islands': ([(10, 10, 8, 8), (3, 22, 2, 2)], [(9, 11, 4, 8)]),
    'at the edge': ([(0, 0, 7, 9)], [(1, 2, 6, 9)]),
    'single pixels': ([(3, 4, 0.5, 0.5)], [(15, 20, 0.5, 0.5)]),
    'equal': ([(8, 8, 5, 3)], [(8, 8, 5, 3)]),
}
for name, (one, other) in shapes.items():
    a, b = [np.any([blob(20, 26, *each) for each in blobs], axis=0) for blobs in (one, other)]
    for percentile in (100, 95, 50):
        cases.append(dict(name=name, percentile=percentile, value=distance(a, b, percentile),
                          predicted=[''.join('.#'[int(v)] for v in row) for row in a],
                          truth=[''.join('.#'[int(v)] for v in row) for row in b]))
json.dump(cases, open('hausdorff.json', 'w'), indent=1)
