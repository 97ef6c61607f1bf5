/** A request for an HTTP client, or bytes for a bare socket. */
export type MalformedRequest =
  | {
      readonly kind: "http";
      readonly method: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer;
    }
  | { readonly kind: "raw"; readonly bytes: Buffer };

/** Valid requests that the mutations start from. */
export interface Seed {
  readonly path: string;
  readonly body: unknown;
}

/** Pseudo-random numbers that a seed fixes: a fault can be seen again. */
export interface Dice {
  below(bound: number): number;
  chance(share: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
}

/** mulberry32. */
export function seededDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return { below, chance: (share) => next() < share, pick: (items) => items[below(items.length)] as never };
}

/** One request: mostly a valid one of which bytes, JSON values, address, headers or method were changed. */
export function malformedRequest(dice: Dice, seeds: readonly Seed[]): MalformedRequest {
  const seed = dice.pick(seeds);
  if (dice.chance(0.1)) return { kind: "raw", bytes: rawBytes(dice, seed) };
  const body = dice.chance(0.6)
    ? changedJson(dice, seed.body)
    : changedBytes(dice, JSON.stringify(seed.body));
  return {
    kind: "http",
    method: dice.chance(0.9) ? "POST" : dice.pick(methods),
    path: dice.chance(0.85) ? seed.path : changedPath(dice, seed.path),
    headers: dice.chance(0.7) ? {} : dice.pick(oddHeaders),
    body: dice.chance(0.02) ? Buffer.alloc(0) : body,
  };
}

const methods = [
  "GET",
  "HEAD",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "TRACE",
  "PROPFIND",
  "PURGE",
  "M-SEARCH",
];

const oddHeaders: readonly Record<string, string>[] = [
  { "content-type": "text/plain" },
  { "content-type": "application/json; charset=utf-7" },
  { "content-type": "multipart/form-data; boundary=" },
  { "content-type": ";;;=,/" },
  { "content-encoding": "gzip" },
  { "content-encoding": "identity" },
  { "content-encoding": "br, gzip" },
  { "inference-header-content-length": "-1" },
  { "inference-header-content-length": "99999999999999999999" },
  { accept: "application/problem+json" },
  { accept: "\u0080\u00ff, */*;q=x" },
  { "x-forwarded-for": "a, b, c".repeat(100) },
  { "accept-version": "9.9.9" },
  { cookie: "a=".repeat(2000) },
  { "if-none-match": "*" },
  { range: "bytes=0-1" },
  { expect: "100-continue" },
  { "x-http-method-override": "DELETE" },
  { connection: "upgrade", upgrade: "websocket" },
  { te: "trailers" },
];

const deep = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);

/** Values that stand where others are wanted; the last ones are written as they are, JSON or not. */
const oddValues: readonly unknown[] = [
  null,
  true,
  "",
  "NaN",
  "\0",
  "\ud800",
  "x".repeat(20_000),
  "🛫",
  -1,
  0,
  1e308,
  -1e-320,
  2 ** 53,
  0.1 + 0.2,
  [],
  {},
  [[]],
  [null],
  { a: { b: { c: [] } } },
  { toString: 1, valueOf: 1, constructor: { prototype: null } },
];
const oddTexts = [
  "NaN",
  "-Infinity",
  "1e999",
  "-1e999",
  "01",
  "1.",
  ".5",
  "+1",
  "0x10",
  "9007199254740993",
  "9223372036854775808",
  "-99999999999999999999",
  "9".repeat(3000),
  "undefined",
  "'a'",
  '"\\x"',
  '"\\ud800"',
  '"\u0001"',
  "",
  ",",
  deep(20, "[", "]"),
  deep(3000, "[", "]"),
  deep(3000, '{"a":', "}"),
  "[".repeat(5000),
  '{"__proto__":{"polluted":true}}',
  '{"a":1,"a":2}',
];

/** JSON of which one to three values, keys or lists were changed. */
function changedJson(dice: Dice, body: unknown): Buffer {
  const copy = structuredClone(body);
  const root = { root: copy };
  const inserts = new Map<string, string>();
  for (let i = dice.below(3); i >= 0; i--) changePlace(dice, root, inserts);
  let text = JSON.stringify(root.root) ?? "";
  for (const [mark, insert] of inserts) text = text.replaceAll(`"${mark}"`, () => insert);
  return Buffer.from(text);
}

function changePlace(dice: Dice, root: object, inserts: Map<string, string>): void {
  const { owner, key } = dice.pick(placesIn(root));
  const fields = owner as Record<string, unknown>;
  const names = [
    "records",
    "inputs",
    "id",
    "partial",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "",
    "a".repeat(300),
    "origin",
  ];
  switch (dice.below(7)) {
    case 0:
    case 1:
      fields[key] = structuredClone(dice.pick(oddValues));
      return;
    case 2:
    case 3: {
      const mark = `@${inserts.size}@`;
      inserts.set(mark, dice.pick(oddTexts));
      fields[key] = mark;
      return;
    }
    case 4:
      if (owner !== root) delete fields[key];
      return;
    case 5:
      Object.defineProperty(owner, dice.pick(names), {
        value: structuredClone(fields[key]),
        enumerable: true,
        configurable: true,
        writable: true,
      });
      return;
    default:
      fields[key] = Array.from({ length: dice.below(200) }, () => structuredClone(fields[key]));
  }
}

interface PlaceInJson {
  readonly owner: object;
  readonly key: string;
}

function placesIn(value: object): PlaceInJson[] {
  const places: PlaceInJson[] = [];
  const walk = (owner: object) => {
    for (const key of Object.keys(owner)) {
      places.push({ owner, key });
      const inner: unknown = Reflect.get(owner, key);
      if (typeof inner === "object" && inner !== null && places.length < 400) walk(inner);
    }
  };
  walk(value);
  return places;
}

/** A text of which bytes were flipped, cut, doubled or put in. */
function changedBytes(dice: Dice, text: string): Buffer {
  let bytes = Buffer.from(text);
  for (let i = dice.below(4); i >= 0; i--) {
    const at = dice.below(bytes.length + 1);
    const to = Math.min(bytes.length, at + dice.below(20));
    const insert = dice.pick([
      Buffer.of(dice.below(256)),
      Buffer.of(0),
      Buffer.from("\ufeff"),
      Buffer.of(0xff, 0xfe),
      Buffer.from('"'),
      Buffer.from("}"),
    ]);
    switch (dice.below(4)) {
      case 0:
        bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at)]);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
        break;
      default:
        bytes = dice.chance(0.3)
          ? bytes.subarray(0, at)
          : Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(to)]);
    }
  }
  return bytes;
}

function changedPath(dice: Dice, path: string): string {
  const odd = [
    "%",
    "%zz",
    "%00",
    "%2e%2e/",
    "..",
    "//",
    "?a=b&a=c",
    "#x",
    ";x",
    "\\",
    "%c0%af",
    "%ff",
    "a".repeat(2000),
    "/versions/",
    "*",
    "%F0%9F%9B%AB",
  ];
  const at = 1 + dice.below(path.length);
  return dice.chance(0.2)
    ? `/${dice.pick(odd)}`
    : path.slice(0, at) + dice.pick(odd) + path.slice(dice.chance(0.5) ? at : at + 3);
}

/** Bytes for a socket: requests with broken frames, lengths, chunks and lines, one behind another, or plain noise. */
function rawBytes(dice: Dice, { path, body }: Seed): Buffer {
  const json = JSON.stringify(body);
  const head = (method: string, version: string, ...headers: string[]) =>
    [`${method} ${path} ${version}`, "host: x", ...headers, "", ""].join("\r\n");
  const good = head("POST", "HTTP/1.1", `content-length: ${Buffer.byteLength(json)}`) + json;
  const noise = Buffer.from(Array.from({ length: 1 + dice.below(300) }, () => dice.below(256)));
  const forms: readonly (() => string | Buffer)[] = [
    () => noise,
    () => good + noise.toString("latin1"),
    () => good + good + good.slice(0, dice.below(good.length)),
    () => changedBytes(dice, good),
    () => head("POST", "HTTP/1.1", `content-length: ${dice.below(json.length)}`) + json,
    () => head("POST", "HTTP/1.1", `content-length: ${json.length + 50}`) + json,
    () =>
      head(
        "POST",
        "HTTP/1.1",
        `content-length: ${dice.pick(["-1", "1e3", "0x10", "abc", "9".repeat(30), ""])}`,
      ) + json,
    () => head("POST", "HTTP/1.1", "content-length: 5", "content-length: 6") + json,
    () =>
      head("POST", "HTTP/1.1", "transfer-encoding: chunked") +
      `${json.length.toString(16)}\r\n${json}\r\n0\r\n\r\n`,
    () =>
      head("POST", "HTTP/1.1", "transfer-encoding: chunked") +
      `${dice.pick(["zz", "-1", "ffffffffffffffff", ""])}\r\n${json}`,
    () => head("POST", "HTTP/1.1", "transfer-encoding: chunked", "content-length: 3") + json,
    () => `${head("POST", "HTTP/1.1", "transfer-encoding: gzip, chunked")}0\r\n\r\n`,
    () =>
      head(
        dice.pick(["BREW", "post", "", "GET\t", "CONNECT", "PRI"]),
        dice.pick(["HTTP/1.1", "HTTP/2.0", "HTTP/0.9", "HTP/1.1", ""]),
      ),
    () => head("POST", "HTTP/1.0", `content-length: ${Buffer.byteLength(json)}`) + json,
    () => head("GET", "HTTP/1.1", `x-large: ${"a".repeat(dice.below(40_000))}`),
    () => head("GET", "HTTP/1.1", ...Array.from({ length: dice.below(3000) }, (_, i) => `x-${i}: ${i}`)),
    () => head("GET", "HTTP/1.1", "x: a\nb", "y\r: c", ": d", "no colon here"),
    () => "\r\n".repeat(dice.below(50)) + good,
    () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  ];
  const made = dice.pick(forms)();
  return typeof made === "string" ? Buffer.from(made, "latin1") : made;
}
