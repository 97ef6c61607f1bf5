const esc = String.fromCharCode(27);

/** What the program itself sends to a terminal: colours, and the line of progress that is written anew. */
const own = `${esc}\\[(?:[0-2]|22|3[0-9])m|\\r${esc}\\[K`;

/** Control characters, marks that turn the direction of text round, and line ends that only some programs know. */
const unseen = "[\\p{Cc}\\u061c\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]";
const withColour = new RegExp(`(${own})|${unseen}`, "gu");
const withoutColour = new RegExp(`()${unseen}`, "gu");

/**
 * Text as it may stand on a terminal: whatever a contract, a note or a file name holds, it can neither move the cursor nor turn
 * text round. Such characters appear as `\u001b`, which reads the same in JSON; lines and tabs stay, and colours where there are.
 */
export function visible(text: string, colour: boolean): string {
  return text.replace(colour ? withColour : withoutColour, (character, kept: string | undefined) =>
    kept || character === "\n" || character === "\t" ? character : written(character),
  );
}

/** The same on one line: a text from outside never begins a line of its own. */
export function oneLine(text: string): string {
  return visible(text, false).replace(/[\n\t]/g, (character) => (character === "\n" ? "\\n" : " "));
}

/** The same for a cell that holds the program's own colours. */
export function cellLine(text: string): string {
  return visible(text, true).replace(/[\n\t]/g, (character) => (character === "\n" ? "\\n" : " "));
}

/** What runners of CI obey on a line of output: `::add-mask::x` where it begins one, `##[command]` anywhere. */
const command = /^([ \t]*):(?=:(?!(?:error|warning|notice) file=[^\n:]*title=))/gm;
const marker = /#(?=#\w*\[)/g;

/**
 * Text that no runner of CI takes for a command, but for our own annotations; written so that it reads the same in JSON.
 * A forged annotation is only shown.
 */
export function unobeyed(text: string): string {
  return text.replace(command, `$1${written(":")}`).replace(marker, written("#"));
}

function written(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
