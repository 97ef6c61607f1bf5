/** Why a path is not a POSIX path inside the hand-off folder; nothing where it is. */
export function pathProblem(path: string): string | undefined {
  if (path.includes("\\")) return "it has a backslash";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "it is absolute";
  if (path.startsWith("~")) return "it starts with ~";
  if (hasControl(path)) return "it has a control character";
  if (path !== path.normalize("NFC")) return "its letters are not in Unicode normal form C";
  if (path !== path.trim()) return "it starts or ends with a space";
  const parts = path.split("/");
  if (parts.includes("..")) return "it leaves the folder with `..`";
  if (parts.includes(".") || parts.includes("")) return "it has an empty part or `.`";
  return undefined;
}

function hasControl(text: string): boolean {
  return [...text].some((character) => character.charCodeAt(0) < 32 || character.charCodeAt(0) === 127);
}
