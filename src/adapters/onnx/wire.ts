import protobuf from "protobufjs/minimal.js";
import { BatonError } from "../../kernel/index.ts";

/** A position in a protobuf message. */
export type Reader = protobuf.Reader;

/** One field that is read: messages and text are delimited, integers are varints. */
export type Field =
  | { readonly kind: "message"; readonly read: (reader: Reader, end: number, depth: number) => void }
  | { readonly kind: "text"; readonly read: (text: string) => void }
  | { readonly kind: "integer"; readonly read: (value: number) => void };

/** Fields by number; those that are not listed, or have another wire type, are skipped. */
export type Fields = Readonly<Record<number, Field>>;

const wireTypes: Readonly<Record<Field["kind"], number>> = { message: 2, text: 2, integer: 0 };
const deepest = 64;
const longestText = 4096;

/** Reads a whole file as one message. @throws BatonError `model-unloadable` where it is none */
export function readFile(bytes: Uint8Array, fields: Fields): void {
  const reader = protobuf.Reader.create(bytes);
  try {
    readFields(reader, bytes.length, fields, 0);
  } catch (thrown) {
    if (thrown instanceof BatonError) throw thrown;
    throw malformed("it ends in the middle of a field");
  }
}

/** Reads the fields of one message up to `end`. */
export function readFields(reader: Reader, end: number, fields: Fields, depth: number): void {
  if (depth > deepest) throw malformed("its graphs are nested too deeply");
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = fields[tag >>> 3];
    if (tag >>> 3 === 0) throw malformed("it has a field with the number 0");
    if (field && wireTypes[field.kind] === (tag & 7)) readField(reader, end, field, depth);
    else if ((tag & 7) === 2) reader.skip(lengthWithin(reader, end));
    else reader.skipType(tag & 7);
  }
  if (reader.pos !== end) throw malformed("a field is longer than its message");
}

function readField(reader: Reader, end: number, field: Field, depth: number): void {
  if (field.kind === "integer") {
    field.read(Number(reader.int64()));
    return;
  }
  const length = lengthWithin(reader, end);
  const stop = reader.pos + length;
  if (field.kind === "message") {
    field.read(reader, stop, depth + 1);
    return;
  }
  if (length > longestText) throw malformed(`a name has ${length} bytes`);
  field.read(Buffer.from(reader.buf.subarray(reader.pos, stop)).toString("utf8"));
  reader.pos = stop;
}

function lengthWithin(reader: Reader, end: number): number {
  const length = reader.uint32();
  if (length > end - reader.pos) throw malformed("a field is longer than its message");
  return length;
}

/** The file is no ONNX model. */
export function malformed(why: string): BatonError {
  return new BatonError("model-unloadable", `The file is not an ONNX model: ${why}.`, {
    next: "Export the model again, and check that the file was copied whole (Git LFS pointers are not models).",
  });
}
