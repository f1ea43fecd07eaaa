import { join } from 'node:path';
import { readBytesSync } from '../../../files/index.js';

/** The version of an optional package that this one was tested with. */
export function versionOfPeer(root: string, name: string): string {
  const text = readBytesSync(join(root, 'package.json'), 'text').toString('utf8');
  const { peerDependencies } = JSON.parse(text) as {
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  const version = peerDependencies[name];
  if (version === undefined) throw new Error(`"${name}" is no peer of this package`);
  return version;
}
