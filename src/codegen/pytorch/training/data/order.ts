import type { DataPlan } from './plan.js';

/** The order of the samples of an epoch. */
export function orderText({ policy }: DataPlan): string {
  const isPadded = policy === 'pad';
  const about = isPadded
    ? 'keys of `Images`, with the size that holds\n    all images of the batch'
    : 'keys of `Images`';
  const keys = isPadded
    ? [
        '            height = max(self.items[index].height for index in batch)',
        '            width = max(self.items[index].width for index in batch)',
        '            own = batch[self.rank :: self.world]',
        '            yield [(self.epoch, index, height, width) for index in own]',
      ]
    : [
        '            own = batch[self.rank :: self.world]',
        '            yield [(self.epoch, index) for index in own]',
      ];
  return [
    'class Order(Sampler[list[tuple[int, ...]]]):',
    '    """The batches of an epoch in random order, of each the part of one process:',
    `    ${about}. The last batch may be smaller; one with fewer`,
    '    images than processes is left out.',
    '    """',
    '',
    '    def __init__(',
    '        self, items: list[Item], batch: int, seed: int, rank: int = 0, world: int = 1',
    '    ) -> None:',
    '        self.items, self.batch, self.seed = items, batch, seed',
    '        self.rank, self.world = rank, world',
    '        self.epoch, self.start = 0, 0',
    '',
    '    def set_epoch(self, epoch: int, start: int = 0) -> None:',
    '        """Says which epoch is next, from 0 on, and how many of its batches are done."""',
    '        self.epoch, self.start = epoch, start',
    '',
    '    def __len__(self) -> int:',
    '        """The batches of a whole epoch."""',
    '        whole, rest = divmod(len(self.items), self.batch)',
    '        return whole + (rest >= self.world)',
    '',
    '    def __iter__(self) -> Iterator[list[tuple[int, ...]]]:',
    '        stream = Random(self.seed).fork(f"epoch {self.epoch}").fork("order")',
    '        order = stream.permutation(len(self.items))',
    '        for number in range(self.start, len(self)):',
    '            batch = order[number * self.batch : (number + 1) * self.batch]',
    ...keys,
  ].join('\n');
}
