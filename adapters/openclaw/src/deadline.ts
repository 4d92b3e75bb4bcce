/**
 * A signal for when the time is up. It looks for what has come in meanwhile before it says so: the host may have been too busy
 * to read an answer that was there in time.
 */
export function deadline(ms: number): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    // Between two of these, Node reads what its connections hold.
    turn = setImmediate(() => {
      turn = setImmediate(() => controller.abort());
    });
  }, ms);
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      clearImmediate(turn);
    },
  };
}
