import { beforeEach, expect } from '@jest/globals';

/** A test that ends without an assertion, such as a loop over nothing, fails. */
beforeEach(() => expect.hasAssertions());
