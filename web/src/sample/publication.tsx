import { useState } from "preact/hooks";

import { sampleCalls } from "../api/calls";
import { refusal } from "../api/refusal";
import { type ReportedSpectrum, ReportStyle } from "../generated/larmor/v1/sample_service_pb";

/** The spectra as the experimental part of a paper prints them, to be copied. */
export function Publication({ id }: { id: string }) {
  const [spectra, setSpectra] = useState<ReportedSpectrum[] | undefined>(undefined);
  const [said, setSaid] = useState("");
  const write = async (style: ReportStyle) => {
    setSaid("");
    try {
      const reply = await sampleCalls.getReport({ sample: { case: "id", value: id }, style });
      setSpectra(reply.spectra);
      if (reply.spectra.length === 0) setSaid("There is no spectrum of the whole compound.");
    } catch (error) {
      setSaid(refusal(error));
    }
  };
  const copy = async () => {
    await navigator.clipboard.writeText((spectra ?? []).map((spectrum) => spectrum.text).join("\n"));
    setSaid("Copied.");
  };
  return (
    <section aria-labelledby="publication">
      <h2 id="publication">Text for a paper</h2>
      <p>
        <button type="button" onClick={() => void write(ReportStyle.ACS)}>
          ACS style
        </button>{" "}
        <button type="button" onClick={() => void write(ReportStyle.RSC)}>
          RSC style
        </button>{" "}
        {spectra && spectra.length > 0 && (
          <button type="button" onClick={() => void copy()}>
            Copy
          </button>
        )}
      </p>
      {spectra?.map((spectrum) => (
        <p key={spectrum.spectrumId} class="publication">
          {spectrum.text}
        </p>
      ))}
      <p role="status" class="quiet">
        {said}
      </p>
    </section>
  );
}
