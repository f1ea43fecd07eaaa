import { existsSync } from 'node:fs';
import { hotGlobals } from './test/transform.mjs';

// Chromium brings a driver that computes WebGPU in software; workers inherit it.
const softwareDriver = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (existsSync(softwareDriver)) process.env['VK_ICD_FILENAMES'] ??= softwareDriver;

/** ESM mode with a fast transform: chevrotain 11 is ESM-only. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  globalSetup: '<rootDir>/test/run-folder.mjs',
  globalTeardown: '<rootDir>/test/remove-run-folder.mjs',
  // A test without an assertion fails.
  setupFilesAfterEnv: ['<rootDir>/test/assertions.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': '<rootDir>/test/transform.mjs' },
  // What modules of packages take of the sandbox, which is slow to look up.
  sandboxInjectedGlobals: hotGlobals,
  maxWorkers: 2,
  // Engines of earlier files keep their heaps: a worker that holds many starts anew.
  workerIdleMemoryLimit: '1.5GB',
  testTimeout: 60000,
};
