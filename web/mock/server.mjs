// Stands in for the daemon while the page is worked on: `npm run mock`, after a build.
// POST /mock/cut ends all streams, POST /mock/arrive brings a sample, POST /mock/judge a verdict;
// POST /mock/forget forgets the points of all spectra, or finds them again.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";

import { AcquisitionService } from "../src/generated/larmor/v1/acquisition_service_pb.ts";
import { CandidateService } from "../src/generated/larmor/v1/candidate_service_pb.ts";
import { ResultService } from "../src/generated/larmor/v1/result_service_pb.ts";
import { SampleService } from "../src/generated/larmor/v1/sample_service_pb.ts";
import { draw } from "./drawing.mjs";
import { points, POINTS } from "./spectra.mjs";
import { elucidation, revisions, uuid, world } from "./world.mjs";

const events = [];
const waiting = new Set();
let generation = 0;
const wake = () => waiting.forEach((resolve) => resolve());

function happen(event) {
  events.push({ ...event, cursor: BigInt(events.length + 1) });
  wake();
}

async function* watch({ cursor, fromNewest }, { signal }) {
  let at = fromNewest ? events.length : Number(cursor);
  if (at > events.length) throw new ConnectError("the cursor is from the future", Code.OutOfRange);
  const mine = generation;
  signal.addEventListener("abort", wake);
  for (;;) {
    while (at < events.length) yield { message: { case: "event", value: events[at++] } };
    yield { message: { case: "bookmark", value: { cursor: BigInt(at) } } };
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, 15_000);
      const done = () => { clearTimeout(timer); waiting.delete(done); resolve(); };
      waiting.add(done);
    });
    if (signal.aborted) return;
    if (mine !== generation) throw new ConnectError("the server shuts down", Code.Unavailable);
  }
}

function listSamples({ pageSize, pageToken, group, instrument, nameContains, verdict, formula, substructure }) {
  if (/\($/.test(substructure)) throw new ConnectError("substructure: structure not understood", Code.InvalidArgument);
  const size = pageSize || 50;
  const all = world.samples.filter((s) => (!group || s.group === group) && (!instrument || s.instrument === instrument) &&
    s.name.toLowerCase().includes(nameContains.toLowerCase()) && (!verdict || s.verdict === verdict) && (!formula || s.bestFormula === formula) && (!substructure || s.bestSmiles) && (!pageToken || s.id < pageToken));
  return { samples: all.slice(0, size), nextPageToken: all.length > size ? all[size - 1].id : "" };
}

function getSample({ sample }) {
  const summary = world.samples.find((s) => s.id === sample.value);
  if (!summary) throw new ConnectError("there is no such sample", Code.NotFound);
  if (summary.id !== uuid(60)) return { summary };
  return { summary, acquisitions: world.acquisitions, spectra: world.spectra, result: elucidation(world.revision), revisions: revisions(), proposals: world.proposals, reviews: world.reviews };
}

function getTrace({ spectrumId, fromPpm, toPpm, width }) {
  const spectrum = world.spectra.find((s) => s.id === spectrumId);
  if (!spectrum || world.forgotten) throw new ConnectError("the points are not kept", Code.FailedPrecondition);
  const { lo, hi, step, heights } = points(spectrum);
  const first = Math.max(0, Math.floor(((fromPpm ?? lo) - lo) / step));
  const last = Math.min(POINTS - 1, Math.ceil(((toPpm ?? hi) - lo) / step));
  const ends = { lowerEndPpm: lo, upperEndPpm: hi, spectrumPoints: POINTS };
  const columns = width || 2000;
  if (last - first + 1 <= 2 * columns) return { ...ends, firstPpm: lo + first * step, stepPpm: step, points: [...heights.slice(first, last + 1)] };
  const each = Math.ceil((last - first + 1) / columns);
  const lowest = [], highest = [];
  for (let n = first; n <= last; n += each) {
    const column = heights.slice(n, n + each);
    lowest.push(Math.min(...column));
    highest.push(Math.max(...column));
  }
  return { ...ends, firstPpm: lo + (first + (each - 1) / 2) * step, stepPpm: each * step, lowest, highest };
}

function judge() {
  world.revision += 1;
  happen({ sampleId: uuid(60), sample: "AB-117", group: "meier", instrument: "av400", body: { case: "elucidated", value: {} } });
  return { proposals: world.proposals, requeuedAcquisitionId: "a-2" };
}

const routes = (router) => {
  router.service(ResultService, {
    watchResults: watch, getTrace, getResult: ({ id }) => ({ result: elucidation(Number(id.slice(2))) }),
    findSimilarSpectra: ({ query }) => {
      if (query.case === "sample") throw new ConnectError("no network runs that embeds such spectra", Code.FailedPrecondition);
      return { spectra: world.samples.slice(0, 5).map((s, n) => ({ spectrumId: `x${n}`, sampleId: s.id, sample: s.name, group: s.group, instrument: s.instrument, nucleus: "13C", similarity: 0.99 - n * 0.07, acquiredTime: s.createTime, bestSmiles: s.bestSmiles, bestFormula: s.bestFormula, verdict: s.verdict })) };
    },
  });
  router.service(SampleService, {
    listSamples, getSample,
    getReport: ({ style }) => ({
      spectra: [
        { spectrumId: "s-1h", nucleus: "1H", text: style === 2 ? "δH (400 MHz; CDCl3) 7.47 (2 H, d, J 8.8)." : "1H NMR (400 MHz, CDCl3) δ 7.47 (d, J = 8.8 Hz, 2H)." },
        { spectrumId: "s-13c", nucleus: "13C", text: style === 2 ? "δC (101 MHz; CDCl3) 167.3, 161.4." : "13C NMR (101 MHz, CDCl3) δ 167.3, 161.4." },
      ],
    }),
    submitReview: (review) => {
      world.reviews.push({ ...review, $typeName: undefined, id: `r-${world.reviews.length}`, createTime: { seconds: BigInt(Math.round(Date.now() / 1000)), nanos: 0 } });
      return {};
    },
  });
  router.service(CandidateService, {
    drawStructure: ({ smiles, width, height }) => {
      try { return draw(smiles, width || 400, height || 300); } catch { throw new ConnectError("the structure cannot be read", Code.InvalidArgument); }
    },
    proposeCandidates: ({ structures, proposedBy }) => {
      for (const structure of structures) world.proposals.push({ id: `p-${world.proposals.length + 1}`, structure, proposedBy, createTime: { seconds: BigInt(Math.round(Date.now() / 1000)), nanos: 0 } });
      setTimeout(judge, 1500);
      return { proposals: world.proposals, requeuedAcquisitionId: "a-2" };
    },
    withdrawProposal: ({ id }) => { world.proposals = world.proposals.filter((p) => p.id !== id); return {}; },
  });
  router.service(AcquisitionService, {
    listInstruments: () => ({ instruments: world.instruments }),
    getBackfill: () => ({ backfill: { waiting: 0n, held: 0n, finishedLastHour: 0n } }),
    pauseBackfill: ({ paused }) => ({ backfill: { paused, waiting: 0n, held: 0n, finishedLastHour: 0n } }),
    listAcquisitions: ({ state }) => ({ acquisitions: world.acquisitions.filter((a) => a.state === state) }),
    reprocessAcquisition: ({ id }) => ({ acquisition: world.acquisitions.find((a) => a.id === id) }),
  });
};

const POLICY = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };
const dist = new URL("../dist", import.meta.url).pathname;
const calls = connectNodeAdapter({ routes, connect: false });

createServer(async (request, response) => {
  response.setHeader("x-mock", "yes");
  const { pathname } = new URL(request.url, "http://mock");
  if (pathname.startsWith("/larmor.v1.")) return calls(request, response);
  if (pathname === "/mock/cut") { generation += 1; wake(); return response.end(); }
  if (pathname === "/mock/forget") { world.forgotten = !world.forgotten; return response.end(); }
  if (pathname === "/mock/judge") { judge(); return response.end(); }
  if (pathname === "/mock/arrive") {
    const n = 61 + events.length;
    world.samples.unshift({ id: uuid(n), name: `NEW-${n}`, group: "meier", instrument: "av400", spectra: [], waiting: 1 });
    happen({ sampleId: uuid(n), sample: `NEW-${n}`, group: "meier", instrument: "av400", body: { case: "discovered", value: {} } });
    return response.end();
  }
  const file = extname(pathname) ? pathname : "/index.html";
  try {
    const content = await readFile(join(dist, file));
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-security-policy": POLICY });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
}).listen(Number(process.env.PORT ?? 8611), "127.0.0.1");
