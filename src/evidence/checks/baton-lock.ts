import type { Contract } from "../../contract/index.ts";
import type { TensorInfo } from "../../inference/index.ts";
import { canonicalJson } from "../../kernel/index.ts";
import type { FileFacts, ModelFacts } from "./check.ts";

/** Path of the generated lock in the hand-off folder. */
export const batonLockPath = "baton.lock";

/** A file as it was. */
export interface LockedFile extends FileFacts {
  readonly path: string;
}

/** A data file as it was. */
export interface LockedData extends LockedFile {
  readonly rows: number;
}

/** A model file as it was. */
export interface LockedModel extends LockedFile {
  readonly irVersion: number;
  readonly opsets: Readonly<Record<string, number>>;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/** `baton.lock`: what people do not type. It holds no time, so the same files give the same bytes. */
export interface BatonLock {
  readonly format_version: 1;
  /** `baton 0.1.0`, `onnxruntime 1.30.0`. */
  readonly tool: string;
  readonly runtime: string;
  readonly model?: LockedModel;
  readonly training?: LockedData;
  readonly joint?: LockedData;
  readonly golden?: LockedData;
  readonly environment?: LockedFile;
}

/** The files of a lock: its keys, and what the contract calls them. */
export const lockedParts = ["model", "training", "joint", "golden", "environment"] as const;
export type LockedPart = (typeof lockedParts)[number];

/** Where the contract names each part. */
export function partPaths(contract: Contract): Readonly<Record<LockedPart, string | undefined>> {
  return {
    model: contract.run?.kind === "onnx" ? contract.run.path : undefined,
    training: contract.data.training,
    joint: contract.data.joint,
    golden: contract.golden?.rows,
    environment: contract.lock,
  };
}

/** What a lock is made from. */
export interface LockSource {
  readonly contract: Contract;
  readonly files: ReadonlyMap<string, FileFacts>;
  readonly model?: ModelFacts;
  /** Rows of data files by path. */
  readonly rows: ReadonlyMap<string, number>;
  readonly tool: string;
  readonly runtime: string;
}

/** Writes down the files that are there; parts that the contract does not name, or that are not there, are left out. */
export function batonLockOf(source: LockSource): BatonLock {
  const paths = partPaths(source.contract);
  const file = (path: string | undefined): LockedFile | undefined => {
    const facts = path === undefined ? undefined : source.files.get(path);
    return facts && { path: path as string, size: facts.size, sha256: facts.sha256 };
  };
  const data = (path: string | undefined): LockedData | undefined => {
    const found = file(path);
    const rows = path === undefined ? undefined : source.rows.get(path);
    return found && rows !== undefined ? { ...found, rows } : undefined;
  };
  const modelFile = file(paths.model);
  const parts = {
    model: modelFile && source.model && { ...modelFile, ...tensorsOf(source.model) },
    training: data(paths.training),
    joint: data(paths.joint),
    golden: data(paths.golden),
    environment: file(paths.environment),
  };
  const there = Object.entries(parts).filter(([, part]) => part !== undefined);
  return { format_version: 1, tool: source.tool, runtime: source.runtime, ...Object.fromEntries(there) };
}

function tensorsOf({ irVersion, opsets, inputs, outputs }: ModelFacts): Omit<LockedModel, keyof LockedFile> {
  const plain = ({ name, type, shape }: TensorInfo) => ({ name, type, shape: [...shape] });
  return { irVersion, opsets: { ...opsets }, inputs: inputs.map(plain), outputs: outputs.map(plain) };
}

/** The lock's bytes: canonical JSON and one line end. */
export function batonLockText(lock: BatonLock): string {
  return `${canonicalJson(lock)}\n`;
}

/** Reads a lock. Only the files are read back; what is beside them is for people and other programs. */
export function parseBatonLock(text: string): { readonly lock: BatonLock } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: "it is not JSON" };
  }
  if (!isObject(value) || value.format_version !== 1) return { problem: "it has no format_version 1" };
  if (typeof value.tool !== "string" || typeof value.runtime !== "string")
    return { problem: "it names no tool and runtime" };
  for (const part of lockedParts) {
    const locked = value[part];
    if (locked !== undefined && !isLockedFile(locked))
      return { problem: `"${part}" is not a path, a size and a SHA-256` };
  }
  return { lock: value as unknown as BatonLock };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isLockedFile(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.path === "string" &&
    Number.isSafeInteger(value.size) &&
    typeof value.sha256 === "string" &&
    /^[0-9a-f]{64}$/.test(value.sha256)
  );
}
