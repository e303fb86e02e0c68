import { ReviewDecision, type Review } from "../generated/larmor/v1/sample_service_pb";
import { Moment } from "../words/moment";
import { decisionWords } from "../words/verdict";
import { ReviewForm } from "./review-form";
import type { SampleStore } from "./store";

/** What chemists decided, and a form to decide. */
export function Reviews({ store }: { store: SampleStore }) {
  const reply = store.reply.value;
  const result = store.result.value;
  if (!result) return null;
  const reviews = reply?.reviews ?? [];
  const revisionOf = (id: string) => reply?.revisions.find(({ summary }) => summary?.id === id)?.summary?.revision;
  return (
    <section aria-labelledby="reviews">
      <h2 id="reviews">Review</h2>
      {reviews.length === 0 && <p class="quiet">Nobody has reviewed this sample yet.</p>}
      {reviews.length > 0 && (
        <ul class="plain-list reviews">
          {reviews.map((review) => (
            <li key={review.id}>
              <Item review={review} revision={revisionOf(review.elucidationId)} />
            </li>
          ))}
        </ul>
      )}
      <ReviewForm key={result.id} store={store} />
    </section>
  );
}

function Item({ review, revision }: { review: Review; revision: number | undefined }) {
  const tone = review.decision === ReviewDecision.CONFIRMED ? "good" : review.decision === ReviewDecision.REJECTED ? "bad" : "none";
  return (
    <>
      <p>
        <span class={`badge ${tone}`}>{decisionWords(review.decision)}</span> by {review.reviewedBy || "somebody"}
        <span class="quiet">
          {" "}
          <Moment time={review.createTime} />
          {revision !== undefined && `, on revision ${revision}`}
        </span>
      </p>
      {review.smiles && <code class="smiles">{review.smiles}</code>}
      {review.note && <p>{review.note}</p>}
      {review.assignments.length > 0 && (
        <p class="quiet">
          Corrected:{" "}
          {review.assignments
            .map(({ nucleus, ppm, atom, noAtom }) => {
              const owner = noAtom ? "of no atom" : `atom ${atom + 1}`;
              return `${nucleus} ${ppm.toFixed(nucleus === "1H" ? 3 : 2)} ppm is ${owner}`;
            })
            .join("; ")}
        </p>
      )}
    </>
  );
}
