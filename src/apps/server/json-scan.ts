/** What one look over a JSON text tells before it is parsed. */
export interface JsonScan {
  /** Levels of nesting. */
  readonly depth: number;
  /** Colons outside texts: as many as there are keys, each time a key is written. */
  readonly keys: number;
  /** Some whole number may have more digits than a JavaScript number keeps. */
  readonly longIntegers: boolean;
}

const quote = 34;
const comma = 44;
const minus = 45;
const dot = 46;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/** Digits of the largest whole number that every JavaScript number keeps (2^53). */
const safeDigits = 15;

/** Looks over a text once, without recursion; the text need not be JSON. */
export function scanJson(text: string): JsonScan {
  let level = 0;
  let depth = 0;
  let keys = 0;
  let longIntegers = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === quote) at = endOfText(text, at);
    else if (character === colon) keys++;
    else if (character === openBrace || character === openBracket) {
      if (++level > depth) depth = level;
    } else if (character === closeBrace || character === closeBracket) level--;
    else if (character !== comma && isDigit(character)) {
      const end = endOfNumber(text, at);
      if (end - at > safeDigits && isWhole(text, at, end)) longIntegers = true;
      at = end - 1;
    }
  }
  return { depth, keys, longIntegers };
}

/** Index of the quotation mark that ends the text which begins at `start`; the text's length where none does. */
export function endOfText(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at !== -1 && isEscaped(text, at, start)) at = text.indexOf('"', at + 1);
  return at === -1 ? text.length : at;
}

function isEscaped(text: string, at: number, start: number): boolean {
  let first = at;
  while (first - 1 > start && text.charCodeAt(first - 1) === backslash) first--;
  return (at - first) % 2 === 1;
}

/** Index after the last character that could belong to a number. */
export function endOfNumber(text: string, start: number): number {
  let at = start;
  while (at < text.length && isOfNumber(text.charCodeAt(at))) at++;
  return at;
}

/** True where a number has neither fraction nor exponent. */
export function isWhole(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const character = text.charCodeAt(at);
    if (!isDigit(character) && character !== minus) return false;
  }
  return true;
}

function isDigit(character: number): boolean {
  return character >= 48 && character <= 57;
}

function isOfNumber(character: number): boolean {
  return (
    isDigit(character) ||
    character === dot ||
    character === minus ||
    character === 43 ||
    character === 101 ||
    character === 69
  );
}
