import { BatonError } from "../../kernel/index.ts";

const reasons: Readonly<Record<string, readonly [problem: string, next: string]>> = {
  EACCES: ["may not be opened by this user", "Change the permissions of it or of its folder."],
  EPERM: ["may not be changed by this user", "Change the permissions of it or of its folder."],
  EROFS: ["is on a read-only file system", "Choose a folder that can be written."],
  ENOSPC: ["does not fit on the disk", "Free some space and run it again."],
  EDQUOT: ["does not fit into the disk quota", "Free some space and run it again."],
  EFBIG: ["is larger than a file may be here", "Raise the limit (ulimit -f) and run it again."],
  EISDIR: ["is a folder", "Name a file."],
  ENOTDIR: ["has a file where a folder should be on its way", "Move that file, or name another path."],
  ELOOP: ["is a symbolic link", "Put the file itself there, or name it under data.references."],
  EEXIST: ["exists already", "Choose another name, or look at what is there."],
  EMFILE: ["cannot be opened: too many files are open", "Raise the limit (ulimit -n) and run it again."],
  ENAMETOOLONG: ["has a name that is too long for this file system", "Choose a shorter name."],
};

/** What went wrong with a file, as an error that names it and the next step. */
export function fileError(thrown: unknown, file: string): BatonError {
  if (thrown instanceof BatonError) return thrown;
  const code = errnoOf(thrown);
  if (code === "ENOENT") return missing(file);
  const [problem, next] = reasons[code ?? ""] ?? [
    `cannot be used (${code ?? "unknown fault"})`,
    "Look at the file and its file system.",
  ];
  return new BatonError("file-unusable", `${file} ${problem}.`, { file, next, cause: thrown });
}

/** A file that was named and is not there. */
export function missing(file: string): BatonError {
  return new BatonError("file-missing", `There is no file ${file}.`, {
    file,
    next: "Check the path: files of a contract are relative to its folder, others to where you are.",
  });
}

/** A file that is there and must not be used, with the reason. */
export function unusable(file: string, problem: string, next: string): BatonError {
  return new BatonError("file-unusable", `${file} ${problem}.`, { file, next });
}

/** The system's name of a fault (`ENOENT`), where it has one. */
export function errnoOf(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  return typeof code === "string" ? code : undefined;
}
