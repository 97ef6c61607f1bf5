import { describe, expect, it } from "vitest";
import { parseOps } from "./parse-ops.ts";

const whole = `environment: production
on-call: platform-pager@example.org
alerts:
  - webhook: { url: "https://alerts.example.org/baton", secret: { env: BATON_WEBHOOK_SECRET }, retries: 3 }
  - github: { repository: forecasting/flight-delay, event: baton-request, token: { env: GITHUB_TOKEN } }
  - command: [./ops/page.sh, --soft]
`;
const read = (text: string) => parseOps(text, "ops/production.yaml", "production");
const faults = (text: string) =>
  read(text).findings.map(({ code, line, path, message }) => [code, line, path, message]);

describe("the file of an environment", () => {
  it("names what is told, and secrets by reference", () => {
    expect(read(whole)).toMatchObject({ ops: { environment: "production" }, findings: [] });
  });

  it.each([
    [
      "a secret in the open",
      whole.replace("{ env: BATON_WEBHOOK_SECRET }", "hunter2hunter2"),
      "ops.literal-secret",
      4,
      "alerts[0].webhook.secret",
    ],
    [
      "a password in an address",
      whole.replace("https://alerts", "https://me:hunter2@alerts"),
      "ops.literal-secret",
      4,
      "alerts[0].webhook.url",
    ],
    [
      "an open line",
      whole.replace("https://alerts", "http://alerts"),
      "ops.address",
      4,
      "alerts[0].webhook.url",
    ],
    ["a misspelt key", whole.replace("retries", "retry"), "ops.malformed", 4, "alerts[0].webhook.retry"],
    [
      "a shell line for a command",
      whole.replace("[./ops/page.sh, --soft]", "./ops/page.sh --soft"),
      "ops.malformed",
      6,
      "alerts[2].command",
    ],
    ["an unknown kind", whole.replace("command:", "pager:"), "ops.malformed", 6, "alerts[2].pager"],
    [
      "another environment",
      whole.replace("environment: production", "environment: staging"),
      "ops.malformed",
      1,
      "environment",
    ],
    [
      "a repository that is a path",
      whole.replace("forecasting/flight-delay", "../../x/y"),
      "ops.malformed",
      5,
      "alerts[1].github.repository",
    ],
    ["a key twice", `${whole}environment: production\n`, "ops.unreadable", 7, undefined],
    ["no YAML", "alerts: [", "ops.unreadable", 1, undefined],
  ] as const)("%s is a finding where it stands, and nothing is used", (_, text, code, line, path) => {
    expect(faults(text)[0]?.slice(0, 3)).toEqual([code, line, path]);
    expect(read(text)).not.toHaveProperty("ops");
    expect(JSON.stringify(faults(text))).not.toContain("hunter2");
  });

  it("tells all that is wrong at once, in the order of the file, and no value", () => {
    const text = `environment: staging
oncall: me
alerts:
  - webhook: { url: "http://alerts.example.org/", secret: hunter2hunter2, retry: 3 }
  - github: { repository: a, event: "b c" }
  - command: ./ops/page.sh
  - {}
  - pager: hunter2
  - 7
  - webhook: { url: 3, secret: { env: lower } }
    command: [a]
`;
    expect(faults(text).map(([code, line, path]) => `${line} ${code} ${path}`)).toEqual([
      "1 ops.malformed environment",
      "2 ops.malformed oncall",
      "4 ops.address alerts[0].webhook.url",
      "4 ops.literal-secret alerts[0].webhook.secret",
      "4 ops.malformed alerts[0].webhook.retry",
      "5 ops.malformed alerts[1].github.token",
      "5 ops.malformed alerts[1].github.repository",
      "5 ops.malformed alerts[1].github.event",
      "6 ops.malformed alerts[2].command",
      "7 ops.malformed alerts[3]",
      "8 ops.malformed alerts[4].pager",
      "9 ops.malformed alerts[5]",
      "10 ops.malformed alerts[6].webhook",
    ]);
    expect(JSON.stringify(faults(text))).not.toContain("hunter2");
  });

  it.each(["", "[]", "a: &a [*a, *a]", "[".repeat(5000), "x".repeat(70_000), "alerts: 3"])(
    "%.20s is refused and not followed",
    (text) => expect(read(text)).not.toHaveProperty("ops"),
  );

  it("lets http reach this machine only", () => {
    const to = (url: string) => faults(whole.replace("https://alerts.example.org/baton", url)).length;
    expect([
      to("http://127.0.0.1:8080/x"),
      to("http://[::1]:1/"),
      to("http://127.0.0.1.example.org/"),
    ]).toEqual([0, 0, 1]);
  });
});
