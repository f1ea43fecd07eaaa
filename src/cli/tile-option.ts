import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic } from '../diagnostics/report.js';
import type { WantedTiles } from '../runtime/data/tiling.js';
import type { TrainedNetwork } from '../runtime/prediction/trained-network.js';
import type { OptionDescription } from './command.js';
import { nowhere } from './report.js';

/** The option that cuts images into tiles of a size. */
export const tileOption = {
  kind: 'text',
  value: 'SIZE[,OVERLAP]',
  help: 'tiles for larger images, as 512 or 512x768; else by memory',
} as const satisfies OptionDescription;

/**
 * What keeps tiles of the option from working for a network: asked once before the first
 * image, since it is the option that is wrong.
 */
export async function checkTiles(
  tiles: WantedTiles | undefined,
  { network }: TrainedNetwork,
): Promise<readonly Diagnostic[]> {
  if (tiles === undefined) return [];
  const { checkSizePolicy } = await import('../ir/sizes/size-policy.js');
  const policy = { ...tiles, kind: 'tile', overlap: tiles.overlap ?? 0 } as const;
  return checkSizePolicy(policy, network.sizes, [], nowhere, '--tile');
}

/** The tiles that the option asks for, undefined without it; or why they are none. */
export function readTiles(
  text: string | undefined,
): { readonly tiles: WantedTiles | undefined } | { readonly diagnostics: readonly Diagnostic[] } {
  if (text === undefined) return { tiles: undefined };
  const pattern = /^(\d{1,6})(?:\s*[xX×]\s*(\d{1,6}))?(?:\s*,\s*(\d{1,6}))?$/;
  const [, height, width, overlap] = pattern.exec(text.trim()) ?? [];
  if (height !== undefined && Number(height) > 0 && Number(width ?? height) > 0) {
    return {
      tiles: {
        height: Number(height),
        width: Number(width ?? height),
        overlap: overlap === undefined ? undefined : Number(overlap),
      },
    };
  }
  const expected =
    "pixels of the network's input, for example 512, 512x768 (height x width) or 512,64 with an overlap";
  const parameters = { option: '--tile', value: text, expected };
  return {
    diagnostics: [createDiagnostic('command-option-bad-value', parameters, { at: nowhere })],
  };
}
