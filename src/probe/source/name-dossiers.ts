// What was found out about each name of one look, and the verdict that follows: judged once, and anew where more was found since.
import { type JudgedName, judgeDraft, type NameFindings } from '../model/assemble/assemble-name.ts';
import { itemAt } from '../model/item-at.ts';
import type { NameDraft } from '../model/join/join.ts';
import type { Verdict } from '../model/object.ts';

export type JudgeContext = Parameters<typeof judgeDraft>[2];

export class NameDossiers {
  readonly #drafts: readonly NameDraft[];
  readonly #context: JudgeContext;
  readonly #findings: NameFindings[] = [];
  readonly #verdicts: (Verdict | undefined)[] = [];

  /** Empty: `set` is to be called for each of the drafts, by its place. */
  constructor(drafts: readonly NameDraft[], context: JudgeContext) {
    this.#drafts = drafts;
    this.#context = context;
  }

  findings(at: number): NameFindings {
    return itemAt(this.#findings, at);
  }

  /** A verdict on what was known before is void. */
  set(at: number, findings: NameFindings): void {
    this.#findings[at] = findings;
    this.#verdicts[at] = undefined;
  }

  /** On what is known now. */
  verdict(at: number): Verdict {
    const known = this.#verdicts[at];
    if (known) return known;
    const verdict = judgeDraft(itemAt(this.#drafts, at), this.findings(at), this.#context);
    this.#verdicts[at] = verdict;
    return verdict;
  }

  /** Of all, in the order of the drafts. */
  judged(): JudgedName[] {
    return this.#findings.map(({ software }, at) => ({ software, verdict: this.verdict(at) }));
  }
}
