import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readBytes } from '../../../files/index.js';

/** The library that draws charts, as a page has it. */
export interface ChartLibrary {
  /** Defines `uPlot`. */
  readonly script: string;
  readonly style: string;
}

let known: Promise<ChartLibrary> | undefined;

/** uPlot as it is installed, with its license, under which each page may carry it. */
export function chartLibrary(): Promise<ChartLibrary> {
  known ??= readLibrary();
  return known;
}

async function readLibrary(): Promise<ChartLibrary> {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('uplot/package.json'));
  const read = async (...path: readonly string[]): Promise<string> =>
    (await readBytes(join(folder, ...path), 'program')).toString('utf8').trim();
  const license = (await read('LICENSE')).replaceAll('*/', '* /');
  return {
    script: `/*!\n${license}\n*/\n${await read('dist', 'uPlot.iife.min.js')}`,
    style: await read('dist', 'uPlot.min.css'),
  };
}
