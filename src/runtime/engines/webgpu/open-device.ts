import { EngineError } from '../engine.js';
import {
  requestedLimits,
  type Gpu,
  type GpuAdapterInfo,
  type GpuDevice,
  type RequestedLimits,
} from './api.js';

/** A device, and what computes it. */
export interface OpenedDevice {
  readonly device: GpuDevice;
  readonly info: GpuAdapterInfo;
  /** The adapter in words, whether it is one of software, and its largest tensor. */
  readonly description: string;
}

/**
 * Opens the fastest adapter with all the limits that it has. Throws `EngineError` where there
 * is none, or where its driver gives no device.
 */
export async function openDevice(gpu: Gpu): Promise<OpenedDevice> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new EngineError(`WebGPU finds no graphics card here; ${remedy()}`);
  const { info, limits } = adapter;
  const requiredLimits = Object.fromEntries(
    requestedLimits.map((name) => [name, limits[name]]),
  ) as RequestedLimits;
  const name = nameOf(info);
  try {
    const device = await adapter.requestDevice({ requiredLimits });
    return { device, info, description: describe(name, info, limits) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError(`The graphics card "${name}" gives no device: ${reason}`, {
      cause: error,
    });
  }
}

/** What Dawn draws on by system: it loads the driver of the machine, which no package brings. */
function remedy(): string {
  const platform = (globalThis as { process?: { platform?: string } }).process?.platform;
  switch (platform) {
    case undefined:
      return 'the browser may need a setting, or has no access to it.';
    case 'linux':
      return 'it needs the Vulkan loader (libvulkan.so.1) and a driver that it finds, or VK_ICD_FILENAMES with the file of one.';
    case 'darwin':
      return 'it needs Metal, which macOS has on every machine with a graphics card.';
    case 'win32':
      return 'it needs a driver of Direct3D 12.';
    default:
      return `nothing is known of WebGPU on ${platform}.`;
  }
}

/** The adapter as it calls itself: a description where it has one, else what its parts say. */
function nameOf({ vendor, architecture, device, description }: GpuAdapterInfo): string {
  if (description !== '') return description;
  const parts = [vendor, architecture, device].filter((part) => part !== '');
  return parts.length > 0 ? parts.join(' ') : 'unnamed adapter';
}

function describe(name: string, info: GpuAdapterInfo, limits: Readonly<RequestedLimits>): string {
  const largest = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  const kind = isSoftware(name, info) ? ', in software' : '';
  return `WebGPU on ${name}${kind}, tensors up to ${(largest / 2 ** 20).toFixed(0)} MiB`;
}

/** Adapters that compute on the processor, also those that do not say so. */
function isSoftware(name: string, { isFallbackAdapter, architecture }: GpuAdapterInfo): boolean {
  if (isFallbackAdapter === true) return true;
  return /swiftshader|llvmpipe|lavapipe|basic render|\bwarp\b/i.test(`${name} ${architecture}`);
}
