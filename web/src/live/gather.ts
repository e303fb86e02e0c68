/**
 * Gathers calls that come in bursts into one: a sample of six spectra brings a dozen events within a
 * second, and one look at the server serves them all.
 */
export function gather(act: () => void, ms: number): { (): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const call = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      act();
    }, ms);
  };
  call.cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return call;
}
