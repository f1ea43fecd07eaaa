import { beforeEach, expect } from '@jest/globals';

/** Golden files are written then, and not compared. */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

/** A test that ends without an assertion, such as a loop over nothing, fails. */
beforeEach(() => {
  if (!isUpdate) expect.hasAssertions();
});
