import { useSignal } from "@preact/signals";

import { candidateCalls } from "../api/calls";
import { refusal } from "../api/refusal";
import type { Proposal } from "../generated/larmor/v1/candidate_service_pb";
import type { SampleSummary } from "../generated/larmor/v1/sample_service_pb";
import { Thumbnail } from "../structure/picture";
import { Moment } from "../words/moment";
import { ProposeForm } from "./propose-form";
import type { SampleStore } from "./store";

/** Structures that somebody expects the sample to be. */
export function Proposals({ store, summary }: { store: SampleStore; summary: SampleSummary }) {
  const proposals = store.reply.value?.proposals ?? [];
  return (
    <section aria-labelledby="proposals">
      <h2 id="proposals">Proposals</h2>
      {proposals.length === 0 && <p class="quiet">Nobody has proposed a structure yet.</p>}
      {proposals.length > 0 && (
        <ul class="proposals">
          {proposals.map((proposal) => (
            <li key={proposal.id}>
              <Item proposal={proposal} done={() => void store.load()} />
            </li>
          ))}
        </ul>
      )}
      <ProposeForm group={summary.group} sample={summary.name} done={() => void store.load()} />
    </section>
  );
}

function Item({ proposal, done }: { proposal: Proposal; done: () => void }) {
  const problem = useSignal("");
  const busy = useSignal(false);
  const { structure } = proposal;
  const drawn = structure?.structure.value ?? "";
  const name = structure?.name || (structure?.structure.case === "smiles" && drawn) || "mol block";
  const withdraw = async () => {
    busy.value = true;
    try {
      await candidateCalls.withdrawProposal({ id: proposal.id });
      done();
    } catch (error) {
      problem.value = refusal(error);
      busy.value = false;
    }
  };
  return (
    <>
      {drawn && <Thumbnail of={drawn} name={name} />}
      <div>
        <strong class="smiles">{name}</strong>
        <p class="quiet">
          {proposal.proposedBy && `${proposal.proposedBy}, `}
          <Moment time={proposal.createTime} />
        </p>
        <button type="button" disabled={busy.value} aria-label={`Withdraw ${name}`} onClick={() => void withdraw()}>
          Withdraw
        </button>
        {problem.value && <p class="problem">{problem.value}</p>}
      </div>
    </>
  );
}
