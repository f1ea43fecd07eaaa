import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder with everything that is no regular file, under names that end in `ending`. */
export interface OddPlaces {
  readonly folder: string;
  /** The path of a name. */
  readonly at: (...parts: readonly string[]) => string;
  /** Names of what can be read by nobody as a file, with the words that say why. */
  readonly odd: readonly (readonly [name: string, reason: RegExp])[];
  readonly remove: () => void;
}

/** Device nodes need a superuser; where they cannot be made, the others are there. */
export async function makeOddPlaces(ending = ''): Promise<OddPlaces> {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-odd-'));
  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  const odd: (readonly [string, RegExp])[] = [];
  const add = (name: string, reason: RegExp): string => {
    odd.push([name + ending, reason]);
    return at(name + ending);
  };
  mkdirSync(add('folder', /it is a folder/));
  const pipe = add('pipe', /it is a pipe/);
  spawnSync('mkfifo', [pipe]);
  symlinkSync(pipe, add('to-pipe', /it is a pipe/));
  const circle = add('circle', /its links form a circle/);
  symlinkSync(circle, circle);
  const server = createServer();
  await listen(server, add('socket', /it is a socket/));
  if (makeDevice(at('zero'), 5)) {
    odd.push(['zero', /it is a device/]);
    symlinkSync(at('zero'), add('to-zero', /it is a device/));
  }
  writeFileSync(at('file'), 'text');
  return {
    folder,
    at,
    odd,
    remove: () => {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a node like `/dev/null` (3) or `/dev/zero` (5) of its own; false where that is forbidden. */
export function makeDevice(path: string, minor: 3 | 5): boolean {
  return spawnSync('mknod', [path, 'c', '1', String(minor)]).status === 0;
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((done) => server.listen(path, done));
}
