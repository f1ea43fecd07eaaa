import { extname, join } from 'node:path';
import { createDiagnostic } from '../../../diagnostics/report.js';
import type { Diagnostic, Result } from '../../../diagnostics/diagnostic.js';
import { sizeOfFile, type FilePart } from '../../../files/index.js';
import { atFile } from '../at-file.js';
import { targetMembers, type HeadTargets } from '../../../ir/target.js';
import type { FilePair } from '../folder.js';
import { sizeInTar } from './tar.js';

/** A file and what it is called in a shard. */
export interface ShardMember {
  readonly path: string;
  /** Where its bytes are, where it comes from another shard. */
  readonly part: FilePart | undefined;
  readonly name: string;
}

/** A tar archive of whole pairs. */
export interface Shard {
  /** `train-00003-of-00012.tar` */
  readonly file: string;
  readonly pairs: number;
  readonly members: readonly ShardMember[];
}

/**
 * Divides the pairs of a split into shards of at most `limit` bytes each, unless one pair
 * alone is larger; in order, so that the same files give the same shards. The name of
 * a pair has no point in a shard, for WebDataset ends names at their first one. Throws
 * `FileError` where a file has gone.
 */
export function planShards(
  split: string,
  pairs: readonly FilePair[],
  limit: number,
  targets: HeadTargets,
): Result<readonly Shard[]> {
  const diagnostics: Diagnostic[] = [];
  const known = new Map<string, FilePair>();
  const parts: ShardMember[][] = [];
  const counts: number[] = [];
  let bytes = 0;
  for (const pair of pairs) {
    const name = pair.name.replaceAll('.', '_');
    const other = known.get(name);
    if (other !== undefined) {
      const parameters = { first: other.imagePath, second: pair.imagePath, name };
      const at = atFile(pair.imagePath);
      const help = ['Rename one of them: points in names become underscores in shards.'];
      diagnostics.push(createDiagnostic('shard-names-alike', parameters, { at, help }));
    }
    known.set(name, pair);
    const members = membersOf(pair, name, targets);
    const size = members.reduce(
      (sum, member) => sum + sizeInTar(member.name, member.part?.size ?? sizeOfFile(member.path)),
      0,
    );
    if (parts.length === 0 || bytes + size > limit) {
      parts.push([]);
      counts.push(0);
      bytes = 0;
    }
    parts.at(-1)!.push(...members);
    counts[counts.length - 1]! += 1;
    bytes += size;
  }
  const digits = (value: number): string => String(value).padStart(5, '0');
  const value = parts.map((members, index): Shard => {
    const file = `${split}-${digits(index)}-of-${digits(parts.length)}.tar`;
    return { file, pairs: counts[index]!, members };
  });
  return { value, diagnostics };
}

function membersOf(pair: FilePair, name: string, targets: HeadTargets): readonly ShardMember[] {
  const { imagePath, maskPath, instancesPath, parts } = pair;
  const files = { image: imagePath, mask: maskPath, instances: instancesPath };
  const member = (kind: string, path: string, part: FilePart | undefined): ShardMember => {
    return { path, part, name: `${name}.${kind}${extname(path).toLowerCase()}` };
  };
  const own = (['image', 'mask', 'instances'] as const).flatMap((kind) => {
    const path = files[kind];
    return path === undefined ? [] : [member(kind, path, parts?.[kind])];
  });
  const kinds = targetMembers(targets);
  const others = (pair.targets ?? []).map(({ path, part }, at) =>
    member(kinds[at]!.kind, path, part),
  );
  return [...own, ...others];
}

/** Where a shard lies. */
export const shardPath = (folder: string, { file }: Shard): string => join(folder, file);
