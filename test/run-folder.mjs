/**
 * A folder for what the files of one run of the tests share, such as the built program.
 * Jest's workers, which are started later, find its path in `UNETC_TEST_RUN`, and
 * in `UNETC_TEST_RUN_PROCESS` the process that ends with the run.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export default function setUp(_global, { rootDir }) {
  const folder = join(rootDir, '.tmp', `run-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  process.env.UNETC_TEST_RUN = folder;
  process.env.UNETC_TEST_RUN_PROCESS = String(process.pid);
}
