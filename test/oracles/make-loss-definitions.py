"""Losses by their published definitions, with gradients in the logits -> loss-definitions.json.

Ignored pixels are taken out where a definition is a list of pixels, and are 0 in truth and
prediction where it looks at neighbours. Needs PyTorch; all in float64."""
import json
import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
IGNORED = 255


def noise(count, seed):
    """Numbers from -2.9 to 3.1 in random order, no two of which have one size."""
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed)).tolist()
    return [round(6 * (place + 0.5) / count - 2.8731, 4) for place in order]


def case(name, head, shape, mask):
    n, h, w = shape
    channels = 1 if head == 'one' else 3
    return dict(name=name, head=head, shape=shape, channels=channels, mask=mask,
                logits=noise(n * h * w * channels, len(name)))


def pattern(n, h, w, classes, holes):
    """Blocks of classes and a line; some pixels without a class."""
    out = []
    for i in range(n):
        for y in range(h):
            for x in range(w):
                found = ((y + i) // 2 + x // 3) % classes
                if y == x: found = classes - 1
                out.append(IGNORED if holes and (5 * y + 3 * x + i) % 7 == 0 else found)
    return out


cases = []
for head, classes in (('one', 2), ('three', 3), ('alone', 3)):
    cases.append(case(f'{head}', head, [2, 6, 7], pattern(2, 6, 7, classes, False)))
    cases.append(case(f'{head}, holes', head, [2, 6, 7], pattern(2, 6, 7, classes, True)))
    cases.append(case(f'{head}, empty', head, [1, 4, 3], [0] * 12))
    cases.append(case(f'{head}, full', head, [1, 4, 3], [1] * 12))
    cases.append(case(f'{head}, ignored', head, [2, 3, 3], [IGNORED] * 18))
    cases.append(case(f'{head}, one pixel', head, [1, 1, 1], [1]))
    second = [IGNORED] * 12 + pattern(1, 4, 3, classes, False)
    cases.append(case(f'{head}, one image ignored', head, [2, 4, 3], second))


class Inputs:
    """p and t as [N, C, H, W]; `known` [N, H, W]."""

    def __init__(self, case, logits):
        n, h, w = case['shape']
        self.head, self.channels = case['head'], case['channels']
        self.mask = torch.tensor(case['mask']).view(n, h, w)
        self.known = self.mask != IGNORED
        self.logits = logits
        self.p = logits.softmax(1) if self.head == 'three' else logits.sigmoid()
        if self.channels == 1:
            self.t = ((self.mask > 0) & self.known)[:, None].double()
        else:
            planes = [(self.mask == c) for c in range(self.channels)]
            self.t = torch.stack(planes, 1).double()
        self.zeroed = self.p * self.known[:, None]


def listed(values, known):
    """[N, C, H, W] to [pixels that count, C]."""
    return values.movedim(1, -1)[known]


def mean_or_zero(values):
    return values.mean() if values.numel() else values.sum()


def pixel_weights(x, weights):
    """[pixels, C]: of exclusive classes and of one channel by what is true, else by channel."""
    t = listed(x.t, x.known)
    w = torch.tensor(weights, dtype=torch.float64)
    if x.channels == 1:
        return torch.where(t > 0, w[1], w[0])
    return (t * w).sum(1, keepdim=True).expand_as(t) if x.head == 'three' else w.expand_as(t)


def errors(kind, delta=1.0, weights=None):
    def loss(x):
        p, t = listed(x.p, x.known), listed(x.t, x.known)
        found = dict(
            mse=lambda: F.mse_loss(p, t, reduction='none'),
            mae=lambda: F.l1_loss(p, t, reduction='none'),
            huber=lambda: F.huber_loss(p, t, reduction='none', delta=delta))[kind]()
        return mean_or_zero(found if weights is None else found * pixel_weights(x, weights))
    return loss


def topk(share, smoothing=0.0, weights=None):
    def loss(x):
        t = listed(x.t, x.known)
        if len(t) == 0: return x.logits.sum() * 0
        z = listed(x.logits, x.known)
        if x.head == 'three':
            target = t * (1 - smoothing) + smoothing / x.channels
            found = -(target * z.log_softmax(1)).sum(1, keepdim=True)
            if weights is not None: found = found * pixel_weights(x, weights)[:, :1]
        else:
            target = t * (1 - smoothing) + smoothing / 2
            found = F.binary_cross_entropy_with_logits(z, target, reduction='none')
            if weights is not None: found = found * pixel_weights(x, weights)
        found = found.flatten().sort(descending=True).values
        return found[:max(1, int(share * len(found)))].mean()
    return loss


def by_image(x, loss):
    """The mean of a loss of each image."""
    values = []
    for i in range(len(x.mask)):
        one = Inputs.__new__(Inputs)
        one.head, one.channels = x.head, x.channels
        for name in ('mask', 'known', 'logits', 'p', 't', 'zeroed'):
            setattr(one, name, getattr(x, name)[i:i + 1])
        values.append(loss(one))
    return torch.stack(values).mean()


def per(how, loss):
    return (lambda x: by_image(x, loss)) if how == 'image' else loss


def generalized_dice(epsilon):
    """Sudre et al. 2017, equation of GDL; NiftyNet's rule for classes that are not there."""
    def loss(x):
        p, t = listed(x.p, x.known), listed(x.t, x.known)
        if x.channels == 1: p, t = torch.cat([1 - p, p], 1), torch.cat([1 - t, t], 1)
        sizes = t.sum(0)
        weights = 1 / sizes ** 2
        there = weights[sizes > 0]
        largest = there.max() if len(there) else torch.tensor(1.0)
        weights = torch.where(sizes > 0, weights, largest) / largest
        over, under = (weights * (p * t).sum(0)).sum(), (weights * (p + t).sum(0)).sum()
        return 1 - (2 * over + epsilon) / (under + epsilon)
    return loss


def lovasz_grad(sorted_truth):
    """Algorithm 1 of Berman et al. 2018."""
    total = sorted_truth.sum()
    intersection = total - sorted_truth.cumsum(0)
    union = total + (1 - sorted_truth).cumsum(0)
    jaccard = 1 - intersection / union
    return torch.cat([jaccard[:1], jaccard[1:] - jaccard[:-1]])


def extension(errors, truth):
    if len(errors) == 0: return errors.sum()
    found, order = errors.sort(descending=True)
    return found @ lovasz_grad(truth[order])


def weighted(values, weights, zero):
    if sum(weights) == 0: return zero
    return sum(v * w for v, w in zip(values, weights)) / sum(weights)


def lovasz_hinge(weights=None):
    def loss(x):
        z, t = listed(x.logits, x.known), listed(x.t, x.known)
        found = F.relu(1 - z * (2 * t - 1))
        values = [extension(found[:, c], t[:, c]) for c in range(x.channels)]
        return weighted(values, weights or [1] * x.channels, z.sum() * 0)
    return loss


def lovasz_softmax(classes='present', weights=None):
    def loss(x):
        p, t = listed(x.p, x.known), listed(x.t, x.known)
        values = [extension((t[:, c] - p[:, c]).abs(), t[:, c]) for c in range(x.channels)]
        own = list(weights or [1] * x.channels)
        if classes == 'present' and x.head == 'three':
            own = [w if t[:, c].any() else 0 for c, w in enumerate(own)]
        return weighted(values, own, p.sum() * 0)
    return loss


def boundary(weights=None):
    """Equation 5 of Kervadec et al. 2019, distances as in their program: outside d, inside 1 - d."""
    def distances(region, known):
        out = torch.zeros(region.shape)
        inside, outside = (region & known).nonzero().double(), (~region & known).nonzero().double()
        if len(inside) == 0 or len(outside) == 0: return out
        for y in range(region.shape[0]):
            for x in range(region.shape[1]):
                if not known[y, x]: continue
                place = torch.tensor([[y, x]]).double()
                others = outside if region[y, x] else inside
                d = (others - place).square().sum(1).min().sqrt()
                out[y, x] = 1 - d if region[y, x] else d
        return out

    def loss(x):
        own = [1.0] if x.channels == 1 else weights or [0.0] + [1.0] * (x.channels - 1)
        values = []
        for c in range(x.channels):
            maps = torch.stack([distances(x.t[i, c] > 0, x.known[i]) for i in range(len(x.t))])
            values.append(mean_or_zero((x.p[:, c] * maps)[x.known]))
        return weighted(values, own, None)
    return loss


def soft_skeleton(image, iterations):
    """Algorithm 1 of Shit et al. 2021."""
    def erode(i):
        p1 = -F.max_pool2d(-i, (3, 1), (1, 1), (1, 0))
        p2 = -F.max_pool2d(-i, (1, 3), (1, 1), (0, 1))
        return torch.min(p1, p2)

    def opened(i):
        return F.max_pool2d(erode(i), (3, 3), (1, 1), (1, 1))

    skeleton = F.relu(image - opened(image))
    for _ in range(iterations):
        image = erode(image)
        ridge = F.relu(image - opened(image))
        skeleton = skeleton + F.relu(ridge - skeleton * ridge)
    return skeleton


def cl_dice(iterations, epsilon, weights=None):
    def loss(x):
        own = [1.0] if x.channels == 1 else weights or [0.0] + [1.0] * (x.channels - 1)
        sp, st = soft_skeleton(x.zeroed, iterations), soft_skeleton(x.t, iterations)
        values = []
        for c in range(x.channels):
            precision = ((sp * x.t)[:, c].sum() + epsilon) / (sp[:, c].sum() + epsilon)
            sensitivity = ((st * x.zeroed)[:, c].sum() + epsilon) / (st[:, c].sum() + epsilon)
            values.append(1 - 2 * precision * sensitivity / (precision + sensitivity))
        return weighted(values, own, None)
    return loss


all_heads, several = ['one', 'three', 'alone'], ['three', 'alone']
losses = [
    ('mse', {}, errors('mse'), all_heads),
    ('mse', {'class_weights': [0.5, 2]}, errors('mse', weights=[0.5, 2]), ['one']),
    ('mae', {}, errors('mae'), all_heads),
    ('mae', {'class_weights': [0.5, 2, 3]}, errors('mae', weights=[0.5, 2, 3]), several),
    ('huber', {'delta': 1}, errors('huber'), all_heads),
    ('huber', {'delta': 0.3}, errors('huber', 0.3), all_heads),
    ('topk_cross_entropy', {'share': 0.1, 'label_smoothing': 0}, topk(0.1), all_heads),
    ('topk_cross_entropy', {'share': 1, 'label_smoothing': 0}, topk(1), all_heads),
    ('topk_cross_entropy', {'share': 0.37, 'label_smoothing': 0.2, 'class_weights': [0.5, 2, 3]},
     topk(0.37, 0.2, [0.5, 2, 3]), several),
    ('generalized_dice', {'epsilon': 1e-7, 'per': 'batch'}, generalized_dice(1e-7), all_heads),
    ('generalized_dice', {'epsilon': 0.5, 'per': 'image'}, per('image', generalized_dice(0.5)), all_heads),
    ('lovasz_hinge', {'per': 'image'}, per('image', lovasz_hinge()), ['one', 'alone']),
    ('lovasz_hinge', {'per': 'batch'}, lovasz_hinge(), ['one', 'alone']),
    ('lovasz_hinge', {'per': 'image', 'class_weights': [0, 2, 1]},
     per('image', lovasz_hinge([0, 2, 1])), ['alone']),
    ('lovasz_softmax', {'classes': 'present', 'per': 'batch'}, lovasz_softmax(), all_heads),
    ('lovasz_softmax', {'classes': 'present', 'per': 'image'}, per('image', lovasz_softmax()), all_heads),
    ('lovasz_softmax', {'classes': 'all', 'per': 'batch'}, lovasz_softmax('all'), ['three']),
    ('lovasz_softmax', {'classes': 'present', 'per': 'batch', 'class_weights': [0, 2, 1]},
     lovasz_softmax('present', [0, 2, 1]), several),
    ('boundary', {}, boundary(), all_heads),
    ('boundary', {'class_weights': [1, 0.5, 2]}, boundary([1, 0.5, 2]), several),
    ('cl_dice', {'iterations': 3, 'epsilon': 1, 'per': 'batch'}, cl_dice(3, 1), all_heads),
    ('cl_dice', {'iterations': 1, 'epsilon': 0.5, 'per': 'image', 'class_weights': [1, 2, 0]},
     per('image', cl_dice(1, 0.5, [1, 2, 0])), several),
]

values = []
for name, options, loss, heads in losses:
    for each in cases:
        if each['head'] not in heads: continue
        n, h, w = each['shape']
        logits = torch.tensor(each['logits']).view(n, h, w, each['channels'])
        logits.requires_grad_()
        value = loss(Inputs(each, logits.movedim(-1, 1)))
        gradient = torch.zeros_like(logits)
        if value.requires_grad: gradient, = torch.autograd.grad(value, logits)
        values.append(dict(loss=name, options=options, case=each['name'],
                           value=float(f'{value.item():.10g}'),
                           gradient=[float(f'{g:.5g}') for g in gradient.flatten().tolist()]))
with open('loss-definitions.json', 'w') as file:
    text = json.dumps(dict(cases=cases, values=values))
    file.write(text.replace('}, {', '},\n{') + '\n')
