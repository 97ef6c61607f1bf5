/** Something that only people can decide, and where they write it. */
export interface DraftQuestion {
  readonly id: string;
  readonly text: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** What to do there. */
  readonly edit: string;
}

/** Text that grows by lines; a question is about the line added last. */
export class DraftText {
  readonly questions: DraftQuestion[] = [];
  readonly #lines: string[] = [];

  add(...lines: string[]): void {
    this.#lines.push(...lines);
  }

  ask(id: string, text: string, edit: string): void {
    this.questions.push({ id, text, file: "baton.yaml", line: this.#lines.length, edit });
  }

  toString(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }
}

/** A YAML scalar that every reader takes for the same text: plain where that is safe, else in double quotes. */
export function quoted(text: string): string {
  const isPlain = /^[A-Za-z_][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isPlain
    ? text
    : JSON.stringify(text).replace(
        /[\u007f-\u009f\u2028\u2029\ufeff]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
}
