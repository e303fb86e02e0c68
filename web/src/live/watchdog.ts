/**
 * Passes a stream on, and ends it with an error when nothing came for so long: a connection that died
 * while the machine slept is not always told of.
 */
export async function* watched<M>(
  open: (abort: AbortSignal) => AsyncIterable<M>,
  abort: AbortSignal,
  silence: number,
): AsyncIterable<M> {
  const inner = new AbortController();
  const end = () => inner.abort();
  let timer = setTimeout(end, silence);
  abort.addEventListener("abort", end);
  try {
    for await (const message of open(inner.signal)) {
      clearTimeout(timer);
      timer = setTimeout(end, silence);
      yield message;
    }
  } finally {
    clearTimeout(timer);
    abort.removeEventListener("abort", end);
    end();
  }
}
