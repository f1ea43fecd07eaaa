import { openOutput, readBytes, readPart } from '../../../files/index.js';
import { shardPath, type Shard } from './plan-shards.js';
import { tarEnd, tarHeader, tarPadding } from './tar.js';

/**
 * Writes shards into a folder, each whole or not at all; how many there are stands in their
 * names, so that readers see when some are missing. One file is in memory at a time. Equal files give
 * equal bytes. Throws `FileError`.
 */
export async function writeShards(
  folder: string,
  shards: readonly Shard[],
  onShard: (shard: Shard, done: number) => void,
): Promise<void> {
  for (const [index, shard] of shards.entries()) {
    const output = await openOutput(shardPath(folder, shard));
    try {
      for (const { path, part, name } of shard.members) {
        const bytes = await (part === undefined
          ? readBytes(path, 'image')
          : readPart(part, 'image'));
        await output.write(tarHeader(name, bytes.length));
        await output.write(bytes);
        await output.write(tarPadding(bytes.length));
      }
      await output.write(tarEnd);
      await output.finish();
    } catch (error) {
      output.abandon();
      throw error;
    }
    onShard(shard, index + 1);
  }
}
