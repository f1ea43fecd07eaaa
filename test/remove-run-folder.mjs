import { rmSync } from 'node:fs';

/** Removes what `run-folder.mjs` made. */
export default function tearDown() {
  rmSync(process.env.UNETC_TEST_RUN, { recursive: true, force: true });
}
