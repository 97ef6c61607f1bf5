/** Plain values whose form is told once: the number of each one's shape, then the numbers of all in their order. */
export type PackedValues = Float64Array;

/** Packs plain values; forms that were met before cost one number. */
export interface Packer {
  pack(values: readonly object[]): PackedValues;
  /** Every form that was met: JSON with 0 in place of each number. */
  readonly shapes: readonly string[];
}

/** A packer that goes on with shapes of an earlier one. */
export function packer(known: readonly string[] = []): Packer {
  const shapes = [...known];
  const places = new Map(shapes.map((shape, place) => [shape, place]));
  const placeOf = (shape: string) => {
    const place = places.get(shape) ?? shapes.push(shape) - 1;
    places.set(shape, place);
    return place;
  };
  return {
    shapes,
    pack(values) {
      const numbers: number[] = [];
      const forms = values.map((value) => placeOf(shapeOf(value, numbers)));
      return Float64Array.from([values.length, ...forms, ...numbers]);
    },
  };
}

/** The form of a value; its numbers go to a list. Keys without a value are left out, as in JSON. */
function shapeOf(value: unknown, numbers: number[]): string {
  if (typeof value === "number") {
    numbers.push(value);
    return "0";
  }
  if (Array.isArray(value)) return `[${value.map((one) => shapeOf(one, numbers)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${shapeOf(one, numbers)}`).join(",")}}`;
}

/** Makes values again. */
export interface Unpacker {
  /** False where the numbers do not fit the shapes that they name. */
  fits(packed: PackedValues): boolean;
  unpack(packed: PackedValues): unknown[];
  /** A value of each shape, with 0 for every number: enough to see whether values have their form. */
  samples(): unknown[];
}

interface Form {
  readonly numbers: number;
  readonly make: (from: Numbers) => unknown;
}

interface Numbers {
  readonly list: ArrayLike<number>;
  at: number;
}

/** Reads what a packer with these shapes packed. @throws SyntaxError for a shape that is no JSON */
export function unpacker(shapes: readonly string[]): Unpacker {
  const forms = shapes.map((shape) => formOf(JSON.parse(shape)));
  return {
    fits(packed) {
      const [values = -1] = packed;
      if (!Number.isInteger(values) || values < 0 || values >= packed.length) return false;
      let needed = 1 + values;
      for (let at = 1; at <= values; at++) {
        const form = forms[packed[at]!];
        if (!form) return false;
        needed += form.numbers;
      }
      return needed === packed.length;
    },
    unpack(packed) {
      const values = packed[0]!;
      const from = { list: packed, at: values + 1 };
      return Array.from({ length: values }, (_, at) => forms[packed[at + 1]!]!.make(from));
    },
    samples: () => forms.map(({ numbers, make }) => make({ list: new Float64Array(numbers), at: 0 })),
  };
}

function formOf(shape: unknown): Form {
  if (typeof shape === "number") return { numbers: 1, make: (from) => from.list[from.at++] };
  if (typeof shape !== "object" || shape === null) return { numbers: 0, make: () => shape };
  const keys = Object.keys(shape);
  const parts = Object.values(shape).map(formOf);
  const numbers = parts.reduce((sum, part) => sum + part.numbers, 0);
  if (Array.isArray(shape)) return { numbers, make: (from) => parts.map(({ make }) => make(from)) };
  return {
    numbers,
    make(from) {
      const value: Record<string, unknown> = {};
      for (let at = 0; at < keys.length; at++) value[keys[at]!] = parts[at]!.make(from);
      return value;
    },
  };
}

/** Packed values as base64 of their bytes. */
export function packedText(packed: PackedValues): string {
  return Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength).toString("base64");
}

/** Packed values out of {@link packedText}; undefined for a text that is none. */
export function packedOf(text: string): PackedValues | undefined {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return bytes.length % 8 === 0 && bytes.length > 0 ? new Float64Array(bytes.buffer) : undefined;
}
