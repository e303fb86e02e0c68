import { VerdictBadge } from "../verdict/light";
import { Moment } from "../words/moment";
import { probabilityNumber } from "../words/probability";
import { changeWords } from "./change-words";
import type { SampleStore } from "./store";

/** Every verdict there was, the newest first, and what changed from one to the next. */
export function Timeline({ store }: { store: SampleStore }) {
  const revisions = store.reply.value?.revisions ?? [];
  if (revisions.length === 0) return null;
  const shown = store.result.value?.id;
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      <ol class="timeline">
        {revisions.map(({ summary, change }) =>
          summary ? (
            <li key={summary.id} aria-current={summary.id === shown ? "true" : undefined}>
              <p>
                <strong>Revision {summary.revision}</strong> <VerdictBadge verdict={summary.verdict} />
                {summary.verdictProbability !== undefined && (
                  <span class="figure">{probabilityNumber(summary.verdictProbability)}</span>
                )}{" "}
                <span class="quiet">
                  <Moment time={summary.createTime} />
                </span>
              </p>
              {changeWords(summary, change).map((words) => (
                <p key={words}>{words}</p>
              ))}
              {summary.id !== shown && (
                <button type="button" class="plain" onClick={() => void store.lookAt(summary.id)}>
                  Look at revision {summary.revision}
                </button>
              )}
            </li>
          ) : null,
        )}
      </ol>
    </section>
  );
}
