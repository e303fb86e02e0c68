import { batch, signal } from "@preact/signals";

import { sampleCalls } from "../api/calls";
import { refusal } from "../api/refusal";
import type { Event } from "../generated/larmor/v1/event_pb";
import type { SampleSummary } from "../generated/larmor/v1/sample_service_pb";
import { gather } from "../live/gather";
import type { Filter } from "./filter";
import { changedRows, mergeFirstPage, replaceRows } from "./merge";

const PAGE = 50;
// Rows below the first page that change are asked for one by one; more than this wait for a reload.
const MOST_BELOW = 5;

/** The samples that a filter lets through, as they stand. */
export class SampleList {
  readonly rows = signal<SampleSummary[]>([]);
  readonly nextPage = signal("");
  /** Rows that the last look found new or changed. */
  readonly fresh = signal<ReadonlySet<string>>(new Set());
  readonly loading = signal(true);
  readonly problem = signal("");

  private changed = new Map<string, { group: string; name: string }>();
  private readonly look = gather(() => void this.refresh(), 400);
  // Looking again to be sure is not to hold up what is being drawn for the first time.
  private readonly lookLater = gather(() => void this.refresh(), 2000);
  private closed = false;

  constructor(
    private readonly filter: Filter,
    private readonly onChange: (before: SampleSummary[], after: SampleSummary[]) => void,
  ) {
    void this.load("");
  }

  close(): void {
    this.closed = true;
    this.look.cancel();
    this.lookLater.cancel();
  }

  loadMore(): Promise<void> {
    return this.load(this.nextPage.value);
  }

  hear(event: Event): void {
    if (event.sampleId === "") return;
    this.changed.set(event.sampleId, { group: event.group, name: event.sample });
    this.look();
  }

  /** Looks again soon, whatever has happened. */
  renew(): void {
    this.lookLater();
  }

  private async load(pageToken: string): Promise<void> {
    this.loading.value = true;
    try {
      const reply = await this.page(pageToken);
      batch(() => {
        this.rows.value = pageToken === "" ? reply.samples : [...this.rows.value, ...reply.samples];
        this.nextPage.value = reply.nextPageToken;
        this.problem.value = "";
      });
    } catch (error) {
      this.problem.value = refusal(error);
    }
    this.loading.value = false;
  }

  private async refresh(): Promise<void> {
    const changed = this.changed;
    this.changed = new Map();
    try {
      const reply = await this.page("");
      const before = this.rows.value;
      let after = mergeFirstPage(before, reply.samples, reply.nextPageToken === "");
      const onTop = new Set(reply.samples.map((sample) => sample.id));
      const below = after.filter((row) => changed.has(row.id) && !onTop.has(row.id)).slice(0, MOST_BELOW);
      for (const row of below) {
        const found = await sampleCalls.listSamples({ group: row.group, nameContains: row.name });
        after = replaceRows(after, found.samples);
      }
      if (this.closed) return;
      batch(() => {
        this.rows.value = after;
        this.fresh.value = changedRows(before, after);
        if (after.length <= reply.samples.length) this.nextPage.value = reply.nextPageToken;
        this.problem.value = "";
      });
      this.onChange(before, after);
    } catch {
      // The list stays as it was, and the stream's next event brings another look.
    }
  }

  private page(pageToken: string) {
    const { group, instrument, name, verdict } = this.filter;
    return sampleCalls.listSamples({ pageSize: PAGE, pageToken, group, instrument, nameContains: name, verdict });
  }
}
