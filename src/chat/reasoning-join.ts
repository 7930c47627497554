/** Joins the readable reasoning of separate blocks by a line break (RES-8), in chunks as in a whole answer. */
export class ReasoningJoin {
  #begun = false;
  #blockEnded = false;

  /** The text as it is to be appended: with the break before it, where one belongs. */
  next(text: string): string {
    if (!text) return text;
    const broken = this.#begun && this.#blockEnded;
    this.#begun = true;
    this.#blockEnded = false;
    return broken ? `\n${text}` : text;
  }

  /** The block is complete; what follows is another one's. */
  endBlock(): void {
    this.#blockEnded = true;
  }
}
