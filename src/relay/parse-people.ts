import { type Document, LineCounter, parseDocument } from "yaml";
import { type Finding, isTooDeep, messageOf, type Position } from "../kernel/index.ts";
import { ageFindings, duplicateIds, duplicateKeys, vacancies, withoutDuplicateIds } from "./judge-people.ts";
import { nobody, type People, peopleOf } from "./people.ts";
import { peopleFinding } from "./people-findings.ts";
import { validatePeople } from "./people-schema.ts";
import { holdsPrivateKey, lineOfPrivateKey, type PeopleSource, pathText } from "./people-source.ts";
import { readPerson } from "./read-person.ts";

const largestFile = 256 * 1024;
const mostFaults = 20;
const tooDeep = /(?:[[{]\s*){20}/;

/** A people file that was read; with blocking findings the persons concerned do not count, or nobody does. */
export interface ReadPeople {
  readonly people: People;
  readonly findings: readonly Finding[];
}

/** Reads `.baton/people.yaml`. With a time (RFC 3339) it also tells what is expired, revoked or vacant then. */
export function parsePeople(text: string, file: string, at?: string): ReadPeople {
  const refused = refuseText(text, file);
  if (refused) return { people: nobody, findings: [refused] };
  const source = readSource(text, file);
  if (Array.isArray(source)) return { people: nobody, findings: source };
  const findings: Finding[] = [...duplicateIds(source)];
  const persons = source.written.people.map((person, index) => readPerson(person, index, source, findings));
  findings.push(...duplicateKeys(persons, source));
  const people = peopleOf(withoutDuplicateIds(persons));
  if (at !== undefined) findings.push(...ageFindings(persons, source, at), ...vacancies(people, file, at));
  return { people, findings };
}

function refuseText(text: string, file: string): Finding | undefined {
  if (text.length > largestFile)
    return peopleFinding("people.unreadable", { file, message: `${file} is larger than 256 KiB.` });
  if (tooDeep.test(text))
    return peopleFinding("people.unreadable", { file, message: `${file} is nested too deeply.` });
  const line = lineOfPrivateKey(text);
  return line === undefined ? undefined : privateKeyFinding({ file, line });
}

function privateKeyFinding(place: Position): Finding {
  const message = `${place.file} holds a private key; nothing in the file is used.`;
  return peopleFinding("people.private-key", { ...place, message });
}

function readSource(text: string, file: string): PeopleSource | Finding[] {
  const lines = new LineCounter();
  const unreadable = (problem: string, place: Position = {}) => [
    peopleFinding("people.unreadable", { file, ...place, message: `${file} cannot be read: ${problem}` }),
  ];
  if (isTooDeep(text)) return unreadable("it is nested too deeply");
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: "1.2" });
    const fault = document.errors[0] ?? document.warnings[0];
    if (fault) return unreadable(sentence(fault.message), lineOf(lines, fault.pos[0]));
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    if (holdsPrivateKey(JSON.stringify(value) ?? "")) return [privateKeyFinding({ file })];
    const at = (path: readonly (string | number)[]) => ({ file, ...positionIn(document, lines, path) });
    return validatePeople(value) ? { written: value, at } : schemaFindings(at);
  } catch (thrown) {
    return unreadable(sentence(messageOf(thrown)));
  }
}

function schemaFindings(at: PeopleSource["at"]): Finding[] {
  return (validatePeople.errors ?? []).slice(0, mostFaults).map((error) => {
    const path = error.instancePath
      .split("/")
      .slice(1)
      .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll("~1", "/").replaceAll("~0", "~")));
    const extra = String(error.params.additionalProperty ?? "");
    return peopleFinding("people.malformed", {
      ...at(extra ? [...path, extra] : path),
      path: pathText(path),
      message: `${pathText(path) || "The file"} ${error.message}${extra ? `: "${extra.slice(0, 64)}"` : ""}.`,
    });
  });
}

function positionIn(document: Document, lines: LineCounter, path: readonly (string | number)[]): Position {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (node && typeof node === "object" && "range" in node && Array.isArray(node.range))
      return lineOf(lines, Number(node.range[0]));
  }
  return {};
}

function lineOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function sentence(text: string): string {
  const line = text.split("\n", 1)[0]?.slice(0, 160) ?? "";
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
