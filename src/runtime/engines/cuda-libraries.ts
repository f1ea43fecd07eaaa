import { delimiter } from 'node:path';
import { listFolder, isFolder } from '../../files/index.js';

/** What TensorFlow opens by name when it looks for a GPU: the driver's library and CUDA's. */
const kinds = [
  ...['cuda', 'cudart', 'cublas', 'cublasLt', 'cudnn', 'cufft', 'cusolver', 'cusparse'],
] as const;

/** Where the loader of Linux looks, and where the distributions and NVIDIA put what is not found otherwise. */
const folders = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib/wsl/lib',
  '/usr/local/nvidia/lib64',
  '/usr/local/cuda/lib64',
];

/** The CUDA libraries of this machine. */
export interface CudaLibraries {
  /** File names such as `libcudart.so.12`, by kind: those found. */
  readonly found: readonly string[];
  /** Names without a version, such as `libcudnn.so`. */
  readonly missing: readonly string[];
}

/** Looks for the CUDA libraries where the loader does. */
export function findCudaLibraries(): CudaLibraries {
  const named = (process.env['LD_LIBRARY_PATH'] ?? '').split(delimiter).filter(Boolean);
  const names = new Set(
    [...named, ...folders].flatMap((folder) => (isFolder(folder) ? listNames(folder) : [])),
  );
  const found: string[] = [];
  const missing: string[] = [];
  for (const kind of kinds) {
    const own = [...names].filter((name) => name.startsWith(`lib${kind}.so.`));
    // The shortest name is that of the interface, `libcudart.so.12`; longer ones are files behind it.
    const shortest = own.sort((a, b) => a.length - b.length)[0];
    if (shortest === undefined) missing.push(`lib${kind}.so`);
    else found.push(shortest);
  }
  return { found, missing };
}

function listNames(folder: string): readonly string[] {
  try {
    return listFolder(folder);
  } catch {
    return [];
  }
}
