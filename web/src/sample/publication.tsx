import { useState } from "preact/hooks";

import { sampleCalls } from "../api/calls";
import { refusal } from "../api/refusal";
import { ExportFormat, type ReportedSpectrum, ReportStyle } from "../generated/larmor/v1/sample_service_pb";
import { save } from "./save";

const FILES: [ExportFormat, string][] = [
  [ExportFormat.PDF, "PDF"],
  [ExportFormat.SVG, "SVG"],
  [ExportFormat.NMREDATA, "NMReDATA"],
  [ExportFormat.JCAMP_DX, "JCAMP-DX"],
  [ExportFormat.NMRIUM, "NMRium"],
];

/** The spectra as a paper prints them, to be copied, and files of them. */
export function Publication({ id }: { id: string }) {
  const [spectra, setSpectra] = useState<ReportedSpectrum[] | undefined>(undefined);
  const [said, setSaid] = useState("");
  const sample = { case: "id" as const, value: id };
  const tried = async (what: () => Promise<string>) => {
    setSaid("");
    try {
      setSaid(await what());
    } catch (error) {
      setSaid(refusal(error));
    }
  };
  const write = (style: ReportStyle) =>
    tried(async () => {
      const reply = await sampleCalls.getReport({ sample, style });
      setSpectra(reply.spectra);
      return reply.spectra.length === 0 ? "There is no spectrum of the whole compound." : "";
    });
  const copy = () =>
    tried(async () => {
      await navigator.clipboard.writeText((spectra ?? []).map((spectrum) => spectrum.text).join("\n"));
      return "Copied.";
    });
  const files = (format: ExportFormat) =>
    tried(async () => {
      const reply = await sampleCalls.exportSample({ sample, format });
      for (const file of reply.files) save(file.name, file.mediaType, file.content);
      const names = reply.files.map((file) => file.name);
      return names.length === 0 ? "The points of these spectra were not kept." : `Saved ${names.join(", ")}.`;
    });
  return (
    <section aria-labelledby="publication">
      <h2 id="publication">For a paper</h2>
      <p class="row">
        Text:
        <button type="button" onClick={() => void write(ReportStyle.ACS)}>
          ACS style
        </button>
        <button type="button" onClick={() => void write(ReportStyle.RSC)}>
          RSC style
        </button>
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
      <p class="row">
        Files:
        {FILES.map(([format, name]) => (
          <button key={format} type="button" onClick={() => void files(format)}>
            {name}
          </button>
        ))}
      </p>
      <p role="status" class="quiet">
        {said}
      </p>
    </section>
  );
}
