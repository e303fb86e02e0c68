import type { Spectrum } from "../generated/larmor/v1/spectrum_pb";
import { sentence } from "../api/refusal";
import type { Signal } from "./signals";
import { Track, type Pointing } from "./track";
import { magnification } from "./signal-words";
import type { View } from "./view";

export interface TrackContent {
  spectrum: Spectrum;
  signals: Signal[];
  unexplained: Set<string>;
}

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** "13C" as it is printed. */
export function nucleusText(nucleus: string): string {
  return nucleus.replace(/^\d+/, (digits) => [...digits].map((digit) => SUPERSCRIPT[Number(digit)]).join(""));
}

export function spectrumName({ nucleus, experiment }: Spectrum): string {
  const kind = experiment === "1D" || experiment === "" ? "" : ` ${experiment}`;
  return `${nucleusText(nucleus)}${kind}`;
}

/** The spectra of one nucleus over one another, on one axis. */
export function SpectrumPanel({ view, tracks, pointing }: { view: View; tracks: TrackContent[]; pointing: Pointing }) {
  const first = tracks[0]?.spectrum;
  const title = nucleusText(view.nucleus);
  return (
    <section class="spectra" aria-label={`${title} spectra`}>
      <header>
        <h3>{title}</h3>
        {first && <span class="quiet">{details(first)}</span>}
        <Magnified view={view} />
        <span class="tools">
          <Tool label={`Zoom in on ${title}`} text="+" act={() => view.zoomMiddle(1 / 1.6)} />
          <Tool label={`Zoom out of ${title}`} text="−" act={() => view.zoomMiddle(1.6)} />
          <Tool label={`${title} taller`} text="↑" act={() => view.scaleBy(1.5)} />
          <Tool label={`${title} lower`} text="↓" act={() => view.scaleBy(1 / 1.5)} />
          <Tool label={`Show all of the ${title} spectrum`} text="all" act={() => view.showAll()} />
          <Tool label={`Reset ${title}`} text="reset" act={() => view.reset()} />
        </span>
      </header>
      {tracks.map(({ spectrum, signals, unexplained }, place) => (
        <Track
          key={spectrum.id}
          spectrum={spectrum}
          signals={signals}
          unexplained={unexplained}
          view={view}
          axis={place === tracks.length - 1}
          name={spectrumName(spectrum)}
          captioned={tracks.length > 1}
          pointing={pointing}
        />
      ))}
      {tracks.some(({ unexplained }) => unexplained.size > 0) && (
        <p class="note">▽ stands at signals that nothing explains.</p>
      )}
      {tracks.map(({ spectrum }) => (
        <QualityNote key={spectrum.id} spectrum={spectrum} />
      ))}
    </section>
  );
}

/** How much taller or lower lines are drawn than they fit; nothing where they are drawn as they fit. */
function Magnified({ view }: { view: View }) {
  const text = magnification(view.scale.value);
  if (text === "") return null;
  return <span class="quiet">heights × {text}</span>;
}

function details(spectrum: Spectrum): string {
  const parts = [spectrum.frequencyMhz > 0 ? `${spectrum.frequencyMhz.toFixed(1)} MHz` : "", spectrum.solvent];
  return parts.filter((part) => part !== "").join(" · ");
}

function Tool({ label, text, act }: { label: string; text: string; act: () => void }) {
  return (
    <button type="button" class="tool" aria-label={label} title={label} onClick={act}>
      {text}
    </button>
  );
}

/** Says so where a spectrum is not to be trusted wholly. */
function QualityNote({ spectrum }: { spectrum: Spectrum }) {
  const reasons = spectrum.quality?.reasons ?? [];
  if (reasons.length === 0) return null;
  return (
    <p class="note">
      {spectrumName(spectrum)}: {reasons.map(sentence).join(" ")}
    </p>
  );
}
