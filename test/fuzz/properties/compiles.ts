import { Subject, type Property } from './property.js';

/** Every text compiles, with errors or without, within a second. */
export const compiles: Property = {
  name: 'compiles',
  check(subject) {
    const start = performance.now();
    void subject.compilation;
    if (performance.now() - start < 1_000) return undefined;
    // The machine may have been busy, or the code may not have been warm.
    const before = process.cpuUsage();
    void new Subject(subject.text).compilation;
    const seconds = process.cpuUsage(before).user / 1e6;
    return seconds < 1 ? undefined : `A compile takes over a second\n${seconds.toFixed(1)} s`;
  },
};
