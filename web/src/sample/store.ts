import { batch, computed, signal } from "@preact/signals";

import { resultCalls, sampleCalls } from "../api/calls";
import { refusal } from "../api/refusal";
import { DARK, lightOf, type Target } from "../assignment/light";
import { linkAssignments } from "../assignment/links";
import type { Elucidation } from "../generated/larmor/v1/elucidation_pb";
import type { Event } from "../generated/larmor/v1/event_pb";
import type { GetSampleResponse } from "../generated/larmor/v1/sample_service_pb";
import { announce } from "../live/announce";
import { gather } from "../live/gather";
import type { Pointing } from "../spectrum/track";
import { View } from "../spectrum/view";
import { verdictWords } from "../words/verdict";
import { chosenCandidate } from "./choice";
import type { Corrections } from "./corrections";
import { spectraShown, tracksOf } from "./tracks";

/** One sample as its page shows it. */
export class SampleStore implements Pointing {
  readonly reply = signal<GetSampleResponse | undefined>(undefined);
  readonly problem = signal("");
  /** An earlier judgement that is looked at in place of the one that stands. */
  readonly earlier = signal<Elucidation | undefined>(undefined);
  /** InChIKey of the candidate that was chosen; empty while nobody chose. */
  readonly choice = signal("");
  /** Atoms that the chemist gave to signals and has not sent yet. */
  readonly corrections = signal<Corrections>(new Map());
  readonly pinned = signal<Target | undefined>(undefined);
  private readonly pointed = signal<Target | undefined>(undefined);

  readonly result = computed(() => this.earlier.value ?? this.reply.value?.result);
  readonly candidate = computed(() => chosenCandidate(this.result.value, this.choice.value));
  readonly tracks = computed(() => {
    const spectra = spectraShown(this.reply.value?.spectra ?? [], this.result.value?.spectra ?? [], !!this.earlier.value);
    return tracksOf(spectra, this.result.value?.unexplained ?? []);
  });
  readonly signals = computed(() => this.tracks.value.flatMap((group) => group.tracks.flatMap((track) => track.signals)));
  readonly links = computed(() => linkAssignments(this.candidate.value?.assignments ?? [], this.signals.value));
  readonly target = computed(() => this.pointed.value ?? this.pinned.value);
  readonly light = computed(() => (this.target.value ? lightOf(this.target.value, this.links.value) : DARK));

  /** Spectra whose points are there. */
  private readonly drawnSpectra = signal<ReadonlySet<string>>(new Set());
  /** Whether every spectrum is drawn. */
  readonly allDrawn = computed(() =>
    this.tracks.value.every(({ tracks }) => tracks.every(({ spectrum }) => this.drawnSpectra.value.has(spectrum.id))),
  );

  private readonly views = new Map<string, View>();
  private readonly look = gather(() => void this.load(), 300);
  // Looking again to be sure is not to hold up what is being drawn for the first time.
  private readonly lookLater = gather(() => void this.load(), 2000);

  constructor(readonly id: string) {
    void this.load();
  }

  drawn(spectrumId: string): void {
    const drawn = this.drawnSpectra.peek();
    if (!drawn.has(spectrumId)) this.drawnSpectra.value = new Set([...drawn, spectrumId]);
  }

  close(): void {
    this.look.cancel();
    this.lookLater.cancel();
  }

  /** What is seen of the spectra of a nucleus; it outlives every new spectrum. */
  view(nucleus: string): View {
    let view = this.views.get(nucleus);
    if (!view) this.views.set(nucleus, (view = new View(nucleus)));
    return view;
  }

  hear(event: Event): void {
    if (event.sampleId === this.id) this.look();
  }

  renew(): void {
    this.lookLater();
  }

  point(target: Target | undefined): void {
    this.pointed.value = target;
  }

  /** Holds the light on something; on the same thing once more lets it go. */
  pin(target: Target | undefined): void {
    const same = JSON.stringify(target) === JSON.stringify(this.pinned.value);
    this.pinned.value = same ? undefined : target;
  }

  choose(inchikey: string): void {
    batch(() => {
      this.choice.value = inchikey;
      this.corrections.value = new Map();
      this.pinned.value = undefined;
    });
  }

  /** Looks at a judgement of before, or with an empty identity at the one that stands. */
  async lookAt(id: string): Promise<void> {
    if (id === "" || id === this.reply.value?.result?.id) {
      this.earlier.value = undefined;
      return;
    }
    try {
      this.earlier.value = (await resultCalls.getResult({ id })).result;
      this.problem.value = "";
    } catch (error) {
      this.problem.value = refusal(error);
    }
  }

  async load(): Promise<void> {
    try {
      const before = this.reply.value;
      const reply = await sampleCalls.getSample({ sample: { case: "id", value: this.id } });
      batch(() => {
        this.reply.value = reply;
        this.problem.value = "";
      });
      const changed = before && reply.result && reply.result.id !== before.result?.id;
      if (changed) announce(`New verdict: ${verdictWords(reply.result!.verdict).sentence}`);
    } catch (error) {
      this.problem.value = refusal(error);
    }
  }
}
