import { useEffect, useMemo } from "preact/hooks";

import { announce } from "../live/announce";
import { listen } from "../live/feed";
import type { Filter } from "./filter";
import { newsOf } from "./news";
import { SampleList } from "./sample-list";
import { SampleTable } from "./sample-table";

export function Samples({ filter }: { filter: Filter }) {
  const list = useMemo(
    () =>
      new SampleList(filter, (before, after) => {
        const news = newsOf(before, after);
        if (news) announce(news);
      }),
    [],
  );
  useEffect(() => {
    const stop = listen({ onEvent: (event) => list.hear(event), onFresh: () => list.renew() });
    return () => {
      stop();
      list.close();
    };
  }, [list]);
  const rows = list.rows.value;
  return (
    <section aria-labelledby="samples">
      <h2 id="samples">Samples</h2>
      {list.problem.value && <p class="problem">{list.problem.value}</p>}
      {rows.length === 0 && !list.problem.value && (
        <p class="quiet">{list.loading.value ? "Loading …" : "No sample matches."}</p>
      )}
      {rows.length > 0 && <SampleTable rows={rows} fresh={list.fresh.value} />}
      {list.nextPage.value && (
        <p>
          <button type="button" disabled={list.loading.value} onClick={() => void list.loadMore()}>
            Load more
          </button>
        </p>
      )}
    </section>
  );
}
