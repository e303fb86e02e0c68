import type { Component, UnexplainedSignal } from "../generated/larmor/v1/elucidation_pb";
import { nucleusText } from "../spectrum/panel";
import type { SampleStore } from "./store";

/** What is in the tube beside the solvent, and what nothing explains. */
export function Tube({ store }: { store: SampleStore }) {
  const result = store.result.value;
  if (!result) return null;
  const { components, unexplained } = result;
  return (
    <section aria-labelledby="tube">
      <h2 id="tube">In the tube</h2>
      {components.length === 0 && unexplained.length === 0 && (
        <p class="quiet">Nothing was found beside the structure, solvent and reference.</p>
      )}
      {components.length > 0 && (
        <table class="rows">
          <caption class="unseen">Components beside solvent and reference</caption>
          <thead>
            <tr>
              <th scope="col">Component</th>
              <th scope="col">Share</th>
              <th scope="col">Signals</th>
            </tr>
          </thead>
          <tbody>
            {components.map((component) => (
              <tr key={component.name}>
                <th scope="row">{component.judged ? "the structure itself" : component.name}</th>
                <td>{share(component)}</td>
                <td>{shifts(component)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {unexplained.length > 0 && (
        <>
          <h3>Unexplained signals</h3>
          <ul class="plain-list">
            {unexplained.map((signal) => (
              <li key={`${signal.nucleus} ${signal.ppm}`}>
                <Leftover signal={signal} store={store} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Leftover({ signal, store }: { signal: UnexplainedSignal; store: SampleStore }) {
  const { nucleus, ppm, hydrogens } = signal;
  const key = store.tracks.value
    .flatMap((group) => group.tracks)
    .filter((track) => track.spectrum.nucleus === nucleus)
    .flatMap((track) => track.signals.filter((one) => track.unexplained.has(one.key)))
    .sort((a, b) => Math.abs(a.ppm - ppm) - Math.abs(b.ppm - ppm))[0]?.key;
  const text = `${nucleusText(nucleus)} ${ppm.toFixed(nucleus === "1H" ? 3 : 2)} ppm`;
  const count = hydrogens === undefined ? "" : `, ${hydrogens.toFixed(2)} H`;
  if (!key) return <>{text + count}</>;
  const show = () => {
    store.view(nucleus).show(ppm);
    store.pin({ kind: "signal", key });
  };
  return (
    <>
      <button type="button" class="plain" onClick={show}>
        {text}
      </button>
      {count}
    </>
  );
}

function share({ molPercent, molPercentError }: Component): string {
  if (molPercent === undefined) return "not known";
  const error = molPercentError === undefined ? "" : ` ± ${molPercentError.toFixed(1)}`;
  return `${molPercent.toFixed(1)}${error} mol-%`;
}

function shifts({ judged, carbonPpm, protonPpm }: Component): string {
  if (judged) return "see the assignment";
  const list = (nucleus: string, values: number[], decimals: number) =>
    values.length === 0 ? [] : [`${nucleusText(nucleus)} ${values.map((ppm) => ppm.toFixed(decimals)).join(", ")}`];
  return [...list("1H", protonPpm, 2), ...list("13C", carbonPpm, 1)].join("; ");
}
