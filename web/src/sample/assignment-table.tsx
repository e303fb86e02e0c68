import { useSignal } from "@preact/signals";

import { alternativesOf, atomsText, figuresText } from "../assignment/words";
import type { Signal } from "../spectrum/signals";
import { couplings, hydrogens, MULTIPLICITY } from "../spectrum/signal-words";
import { assignmentRows, type AssignmentRow } from "./assignment-rows";
import { correct, NO_ATOM } from "./corrections";
import type { SampleStore } from "./store";

interface Props {
  store: SampleStore;
  label: (atom: number) => string;
}

// A longer table, or any on a phone, would push all that follows out of sight.
const MOST_OPEN = 40;

/** The assignment as a table: all that the pictures show, in words and figures. */
export function AssignmentTable({ store, label }: Props) {
  const editing = useSignal(false);
  const rows = assignmentRows(store.links.value);
  if (rows.length === 0) return <p class="quiet">There is no assignment for this structure.</p>;
  const signals = new Map(store.signals.value.map((signal) => [signal.key, signal]));
  return (
    <details class="fold" open={rows.length <= MOST_OPEN && innerWidth > 700}>
      <summary>Assignment table</summary>
      <table class="rows assignments">
        <caption class="unseen">Each signal, its atom, observed and predicted shift, and probability</caption>
        <thead>
          <tr>
            <th scope="col">Observed</th>
            <th scope="col">Nucleus</th>
            <th scope="col">Signal</th>
            <th scope="col">Atom</th>
            <th scope="col">Predicted</th>
            <th scope="col">Difference</th>
            <th scope="col">Probability</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} signal={signals.get(row.best.key)} store={store} label={label} editing={editing.value} />
          ))}
        </tbody>
      </table>
      <p>
        <button type="button" aria-pressed={editing.value} onClick={() => (editing.value = !editing.value)}>
          {editing.value ? "Stop correcting" : "Correct assignments"}
        </button>
        {store.corrections.value.size > 0 && (
          <span class="said">
            {store.corrections.value.size} corrected; they are sent with your review. <a href="#reviews">To the review</a>
          </span>
        )}
      </p>
    </details>
  );
}

interface RowProps extends Props {
  row: AssignmentRow;
  signal: Signal | undefined;
  editing: boolean;
}

function Row({ row, signal, store, label, editing }: RowProps) {
  const { best, others } = row;
  const alternatives = alternativesOf([best, ...others], label);
  const corrected = store.corrections.value.get(row.id);
  const owner = corrected === NO_ATOM ? "no atom" : corrected !== undefined && label(corrected);
  const atoms = owner ? `${owner} (corrected)` : atomsText(alternatives);
  const decimals = best.nucleus === "1H" ? 3 : 2;
  const target = { kind: "signal", key: best.key } as const;
  const lit = store.light.value.signals.has(best.key);
  const difference = best.observed - best.predicted;
  return (
    <tr class={lit ? "lit" : ""} onPointerEnter={() => store.point(target)} onPointerLeave={() => store.point(undefined)}>
      <th scope="row">
        <button
          type="button"
          class="plain"
          data-signal={best.key}
          onClick={() => store.pin(target)}
          onFocus={() => store.point(target)}
          onBlur={() => store.point(undefined)}
        >
          {best.observed.toFixed(decimals)}
        </button>
      </th>
      <td>{best.nucleus}</td>
      <td>{signal?.multiplet ? `${couplings(signal)} · ${hydrogens(signal)}` : (MULTIPLICITY[signal?.peak?.multiplicity ?? ""] ?? "")}</td>
      <td>{editing ? <AtomChoice row={row} store={store} label={label} /> : atoms}</td>
      <td>{best.predicted.toFixed(decimals)}</td>
      <td>{`${difference >= 0 ? "+" : "−"}${Math.abs(difference).toFixed(decimals)}`}</td>
      <td>{figuresText(alternatives)}</td>
    </tr>
  );
}

/** All atoms of the structure, those that may be meant first. */
function AtomChoice({ row, store, label }: { row: AssignmentRow; store: SampleStore; label: (atom: number) => string }) {
  const likely = [row.best, ...row.others].map((link) => link.atom);
  const known = [...store.links.value.byAtom.keys()].sort((a, b) => a - b);
  const atoms = [...new Set([...likely, ...known])];
  const value = store.corrections.value.get(row.id) ?? row.best.atom;
  return (
    <select
      aria-label={`Atom of ${row.best.nucleus} ${row.best.observed.toFixed(2)} ppm`}
      value={value}
      onChange={(event) => {
        const { value } = event.currentTarget;
        store.corrections.value = correct(store.corrections.value, row, value === NO_ATOM ? NO_ATOM : Number(value));
      }}
    >
      {atoms.map((atom) => (
        <option key={atom} value={atom}>
          {label(atom)}
        </option>
      ))}
      <option value={NO_ATOM}>no atom (an impurity, say)</option>
    </select>
  );
}
