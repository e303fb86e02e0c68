import { batch, signal } from "@preact/signals";

import { sampleCalls } from "../api/calls";
import { refusal } from "../api/refusal";
import type { SampleSummary } from "../generated/larmor/v1/sample_service_pb";
import { requestOf, type SampleQuery } from "./query";

const PAGE = 50;
/** A search among structures comes in parts; after so many of them the reader decides. */
const MOST_PARTS = 10;

/** The samples that are found, and how far the search is. */
export class SamplesFound {
  readonly rows = signal<SampleSummary[]>([]);
  /** Whether there may be more than was searched. */
  readonly goesOn = signal(false);
  readonly busy = signal(false);
  readonly problem = signal("");
  private next = "";
  private closed = false;

  constructor(private readonly query: SampleQuery) {
    void this.search();
  }

  close(): void {
    this.closed = true;
  }

  /** Searches on until there is a page more, or nothing is left. */
  async search(): Promise<void> {
    const wanted = this.rows.value.length + PAGE;
    this.busy.value = true;
    for (let part = 0; part < MOST_PARTS && !this.closed; part++) {
      try {
        const reply = await sampleCalls.listSamples({
          ...requestOf(this.query),
          pageSize: wanted - this.rows.value.length,
          pageToken: this.next,
        });
        this.next = reply.nextPageToken;
        batch(() => {
          this.rows.value = [...this.rows.value, ...reply.samples];
          this.goesOn.value = this.next !== "";
          this.problem.value = "";
        });
      } catch (error) {
        this.problem.value = refusal(error);
        break;
      }
      if (this.next === "" || this.rows.value.length >= wanted) break;
    }
    this.busy.value = false;
  }
}
