// What the mock knows: three instruments, some sixty samples, one of them in full.
import { Verdict } from "../src/generated/larmor/v1/elucidation_pb.ts";
import { AcquisitionState } from "../src/generated/larmor/v1/acquisition_pb.ts";
import { assignments, carbon, proton, SMILES } from "./spectra.mjs";

const at = (minutes) => ({ seconds: BigInt(Math.round(Date.now() / 1000 - minutes * 60)), nanos: 0 });
export const uuid = (n) => `0190${String(n).padStart(4, "0")}-0000-7000-8000-000000000000`;

const SPECTRA = [proton("s-1h"), carbon("s-13c"), carbon("s-dept", "DEPT135")];
const OTHERS = ["CCOC(=O)/C=C\\c1ccc(OC)cc1", "COC(=O)/C=C/c1ccc(OCC)cc1", "CCOC(=O)/C=C/c1cccc(OC)c1", "CCOC(=O)C(=C)c1ccc(OC)cc1"];

export function elucidation(revision) {
  const full = revision > 1;
  return {
    id: `e-${revision}`, sampleId: uuid(60), sample: "AB-117", group: "meier", instrument: "av400", acquisitionId: "a-2",
    revision, supersedes: full ? "e-1" : "", verdict: full ? Verdict.CONSISTENT : Verdict.INCONCLUSIVE,
    reasons: full
      ? ["12 of 12 carbons and all hydrogens of the structure are found, 13C within 1.3 ppm on average",
         "probability 0.96 were it as likely as not one of its realistic alternatives",
         "5.4 mol-% of the sample is ethyl acetate"]
      : ["no 13C lines were measured, so that regioisomers cannot be told apart"],
    considered: 48211n,
    verdictProbability: full ? 0.962 : 0.55,
    candidates: [SMILES, ...OTHERS].map((smiles, n) => ({
      rank: n + 1, smiles, inchikey: `KEY-${n}`, formula: "C12H14O3",
      name: n === 0 ? "ethyl (E)-4-methoxycinnamate" : n === 3 ? "ethyl 3-methoxycinnamate" : "",
      judged: n === 0, source: n === 0 ? "proposed" : "library:PubChem", score: -24.1 - 3.7 * n, probability: [0.93, 0.04, 0.018, 0.002, 0.001][n],
      assignments: n < 2 ? assignments("s-1h", "s-13c") : assignments("s-1h", "s-13c").filter((a) => a.nucleus === "13C"),
      parts: { "13C shifts": -14.2 - 2 * n, "1H shifts": -9.9 - n, discrepancies: -0.2 * n, "13C similarity": 0.81 - 0.1 * n },
    })),
    spectrumIds: ["s-1h", "s-13c", "s-dept"], spectra: SPECTRA, createTime: at(3),
    components: full
      ? [{ name: SMILES, judged: true, molPercent: 94.6, molPercentError: 0.8 },
         { name: "ethyl acetate", molPercent: 5.4, molPercentError: 0.8, carbonPpm: [14.19], protonPpm: [2.05] }]
      : [],
    unexplained: full ? [{ nucleus: "13C", ppm: 101.9 }] : [],
  };
}

function sample(n) {
  const verdict = [1, 3, 4, 2, 0, 5][n % 6];
  return {
    id: uuid(n), group: ["meier", "okafor", "lindqvist"][n % 3], name: `AB-${57 + n}`, instrument: ["av400", "neo500", "av600"][n % 3],
    spectra: ["1H 1D", ...(n % 2 ? ["13C 1D"] : [])], waiting: n % 7 === 0 ? 1 : 0, failed: n % 11 === 0 ? 1 : 0, verdict,
    verdictProbability: verdict ? 0.3 + ((n * 37) % 69) / 100 : undefined, bestSmiles: verdict ? SMILES : "",
    bestFormula: verdict ? "C12H14O3" : "", bestName: verdict && n % 2 ? "ethyl (E)-4-methoxycinnamate" : "", bestProbability: 0.9,
    decision: n % 9 === 4 ? 1 : 0, createTime: at((62 - n) * 40), updateTime: at((60 - n) * 40 + 2),
  };
}

export const world = {
  samples: Array.from({ length: 60 }, (_, n) => sample(60 - n)),
  spectra: SPECTRA,
  proposals: [{ id: "p-1", structure: { structure: { case: "smiles", value: SMILES }, name: "target" }, proposedBy: "Ada Meier", createTime: at(90) }],
  reviews: [],
  revision: 2,
  acquisitions: [
    acquisition(1, "1H", AcquisitionState.DONE, ""), acquisition(2, "13C", AcquisitionState.DONE, ""),
    acquisition(3, "13C", AcquisitionState.FAILED, "the FID is empty: it holds 0 of 65536 points"),
    acquisition(4, "", AcquisitionState.SKIPPED, "a two-dimensional experiment"),
  ],
  instruments: [
    { name: "av400", lastWrittenTime: at(3), writing: 1, waiting: 2, doneToday: 41, failedToday: 1, skippedToday: 7 },
    { name: "av600", lastWrittenTime: at(75), writing: 0, waiting: 0, doneToday: 12, failedToday: 0, skippedToday: 0 },
    { name: "neo500", lastWrittenTime: at(0), writing: 2, waiting: 0, doneToday: 58, failedToday: 0, skippedToday: 3 },
  ],
};
Object.assign(world.samples[0], { name: "AB-117", group: "meier", instrument: "av400", spectra: ["1H 1D", "13C 1D", "13C DEPT135"], verdict: 1, verdictProbability: 0.962, bestSmiles: SMILES, bestName: "ethyl (E)-4-methoxycinnamate", bestFormula: "C12H14O3", failed: 1, waiting: 0 });

function acquisition(n, nucleus, state, reason) {
  return {
    id: `a-${n}`, instrument: "av400", group: "meier", sampleId: uuid(60), sample: "AB-117", experimentNumber: `${n}0`, state, reason,
    path: `/data/meier/nmr/AB-117/${n}0`, vendor: "Bruker", nucleus, experiment: nucleus ? "1D" : "2D", title: "AB-117 cinnamate",
    sightedTime: at(20 - n), lastWrittenTime: at(19 - n), updateTime: at(18 - n),
  };
}

export function revisions() {
  const summary = (revision) => {
    const { id, verdict, verdictProbability, considered } = elucidation(revision);
    return { id, revision, verdict, verdictProbability, considered, bestSmiles: SMILES, bestFormula: "C12H14O3", bestName: "ethyl (E)-4-methoxycinnamate", bestProbability: revision > 1 ? 0.93 : 0.5, createTime: at(3 + (world.revision - revision) * 8) };
  };
  const change = { supersedes: "e-1", verdict: Verdict.INCONCLUSIVE, best: { smiles: OTHERS[2], probability: 0.5 }, bestChanged: true, added: [{ nucleus: "13C", experiment: "1D" }, { nucleus: "13C", experiment: "DEPT135" }] };
  return Array.from({ length: world.revision }, (_, n) => world.revision - n).map((revision) => ({
    summary: summary(revision), change: revision === 1 ? undefined : revision === 2 ? change : { supersedes: `e-${revision - 1}`, verdict: Verdict.CONSISTENT, best: { smiles: SMILES, probability: 0.93 } },
  }));
}
