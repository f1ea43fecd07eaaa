/**
 * Runs an asynchronous act again and again, one run at a time: calls during a run become one
 * run after it, so that what is shown is always of the newest text, and typing waits for nothing.
 * An act that fails is over; its error goes to the console.
 */
export function coalesced(act: () => Promise<void>): () => void {
  let isRunning = false;
  let isWanted = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    do {
      isWanted = false;
      await act().catch((error: unknown) => console.error(error));
      // Read again: it may have been set while the act ran.
    } while (isWanted as boolean);
    isRunning = false;
  };
  return () => {
    isWanted = true;
    if (!isRunning) void run();
  };
}
