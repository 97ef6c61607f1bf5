import { stringify } from "yaml";
import { logisticModel, writeMadeHandOff } from "./made-hand-off.ts";

/* A hand-off whose every word tries to be more than a word: in Markdown, HTML, terminals, runners of CI, metrics. */

/** Words as an attacker chooses them; each sets `pwned` in a page, calls somebody, or is a command, where it is not text. */
export const hostileWords = [
  `<img src=x onerror="window.pwned=1">`,
  `</script><script>window.pwned=1</script>`,
  `[click](javascript:window.pwned=1)`,
  `::error::pwned`,
  `##[set-output name=pwned]1`,
  `@everyone #12 https://evil.example`,
  `a | b \`c\` **d**`,
  `=HYPERLINK("https://evil.example")`,
  `"} pwned{x="1"} 1`,
  `\\" pwned \\n`,
] as const;

/** The same with what a terminal obeys: only where a contract lets it through. */
export const unseenWords = [
  "\u001b[2J\u001b]0;pwned\u0007",
  "\u202epwned\u2066",
  "pwned\n::error::pwned",
] as const;

const names = {
  number: `${hostileWords[3]} ${hostileWords[6]}`,
  text: `${hostileWords[0]} ${hostileWords[5]}`,
};

/** Rows of the hostile features: CSV with a label, an id, and an event time. `shift` moves the number. */
export function hostileRows(from: string, count: number, shift = 0): string {
  const quote = (value: string) => `"${value.replaceAll('"', '""')}"`;
  const lines = Array.from({ length: count }, (_, at) =>
    [
      quote(`${hostileWords[at % hostileWords.length]} ${at}`),
      new Date(Date.parse(from) + at * 300_000).toISOString(),
      String(((at * 7) % 40) + shift),
      quote(hostileWords[at % hostileWords.length]!),
      (at * 7) % 40 > 20 ? 1 : 0,
    ].join(),
  );
  return `${["id", "at", names.number, names.text, "late"].map(quote).join()}\n${lines.join("\n")}\n`;
}

/** Writes contract, model and training data. */
export async function writeHostileHandOff(folder: string): Promise<void> {
  const inputs = [
    { name: names.number, type: "float32" },
    { name: names.text, type: "string" },
  ] as const;
  await writeMadeHandOff(folder, {
    contract: stringify(contract()),
    model: logisticModel(inputs, names.number),
    training: hostileRows("2025-01-01", 2000),
  });
}

function contract(): object {
  const all = hostileWords.join(" ");
  const words = { how: all, why: all, available: "request", missing: "allowed", sensitive: false };
  return {
    baton: 1,
    level: "handed-over",
    model: { name: "hostile", version: "1.0.0", task: "binary-classification" },
    run: { onnx: "model/late.onnx" },
    lock: "requirements.lock",
    owners: { builds: hostileWords[5], runs: hostileWords[0] },
    use: all,
    features: [
      {
        name: names.number,
        type: "float32",
        unit: hostileWords[2],
        range: [0, 1000],
        expected: [0, 45],
        ...words,
      },
      { name: names.text, type: "string", values: [...hostileWords], unknown: "reject", ...words },
    ],
    output: { name: "late_probability", type: "float32", range: [0, 1], threshold: 0.5, meaning: all },
    data: { training: "data/training.csv", label: "late", key: "id" },
    gates: [{ id: "auc", assert: "roc_auc >= 0.7" }],
    slices: [names.text],
    limitations: [
      { id: "said", text: `${all} ${unseenWords.join(" ")}`, "kept-by": `features.${names.text}` },
    ],
    budget: { p50: "500ms", p99: "2s", at: "1/s", hardware: "1cpu-512Mi" },
    "on-failure": { answer: "none", caller: all },
    labels: { key: "id", "arrive-after": "1d" },
    watch: { time: "at", window: "1d", "false-alarms": "1 per 90d", keep: { scores: "90d", rows: 1 } },
    retrain: [{ id: "enough", when: "traffic.rows >= 4", for: "2 of 3", cooldown: "7d", "min-labels": 0 }],
    review: { first: "7d", every: "30d" },
  };
}
