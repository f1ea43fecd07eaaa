/** The imports of what a script uses, in ruff's order. */
export function importLines(
  body: string,
  module: string,
  imported: readonly string[],
): readonly string[] {
  const uses = (word: string): boolean => new RegExp(`\\b${word}\\b`).test(body);
  const typing = ['Any', 'BinaryIO', 'NamedTuple', 'TypedDict', 'cast'].filter(uses).join(', ');
  const modules = [
    'argparse',
    'contextlib',
    'copy',
    'json',
    'math',
    'multiprocessing',
    'os',
    'signal',
    'threading',
    'time',
    'traceback',
  ];
  const own = [
    [module, `from ${module} import ${[...imported].sort(byCase).join(', ')}`],
    ['data', 'from data import IGNORED, DataError, Images, Order, find_items'],
  ].sort(([one], [other]) => (one! < other! ? -1 : 1));
  return [
    ...modules.filter((name) => uses(`${name}\\.`)).map((name) => `import ${name}`),
    'from collections.abc import Callable',
    'from dataclasses import asdict, dataclass, field',
    ...(uses('pairwise') ? ['from itertools import pairwise'] : []),
    'from pathlib import Path',
    `from typing import ${typing}`,
    '',
    'import torch',
    'import torch.distributed as dist',
    'from safetensors import SafetensorError',
    'from safetensors.torch import load_file, save',
    'from torch import Tensor, nn',
    ...(uses('F\\.') ? ['from torch.nn import functional as F'] : []),
    'from torch.nn.parallel import DistributedDataParallel',
    'from torch.utils.data import DataLoader',
    '',
    ...own.map(([, text]) => text!),
  ];
}

/** Names of constants first, then of classes, then others. */
function byCase(one: string, other: string): number {
  const rank = (name: string): number =>
    /^[A-Z_0-9]+$/.test(name) ? 0 : /^[A-Z]/.test(name) ? 1 : 2;
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}
