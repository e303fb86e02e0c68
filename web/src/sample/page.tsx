import { useEffect, useMemo } from "preact/hooks";

import { listen } from "../live/feed";
import { useTitle } from "../route/title";
import { AfterSpectra } from "./after-spectra";
import { Assignment } from "./assignment";
import { Candidates } from "./candidates";
import { Headline } from "./headline";
import { Measured } from "./measured";
import { Proposals } from "./proposals";
import { Publication } from "./publication";
import { Reviews } from "./reviews";
import { SampleStore } from "./store";
import { Timeline } from "./timeline";
import { Tube } from "./tube";

export function SamplePage({ id }: { id: string }) {
  const store = useMemo(() => new SampleStore(id), [id]);
  useEffect(() => {
    const stop = listen({ onEvent: (event) => store.hear(event), onFresh: () => store.renew() });
    return () => {
      stop();
      store.close();
    };
  }, [store]);
  const reply = store.reply.value;
  useTitle(reply?.summary?.name ?? "Sample");
  if (!reply?.summary) {
    return (
      <>
        <h1>Sample</h1>
        <p class={store.problem.value ? "problem" : "quiet"}>{store.problem.value || "Loading …"}</p>
      </>
    );
  }
  return (
    <>
      {store.problem.value && <p class="problem">{store.problem.value}</p>}
      <Headline store={store} summary={reply.summary} />
      <Assignment store={store} />
      <AfterSpectra store={store}>
        <Candidates store={store} />
        <div class="columns">
          <Tube store={store} />
          <Timeline store={store} />
          <Proposals store={store} summary={reply.summary} />
          <Reviews store={store} />
        </div>
        <Publication id={id} />
        <Measured acquisitions={reply.acquisitions} />
      </AfterSpectra>
    </>
  );
}
