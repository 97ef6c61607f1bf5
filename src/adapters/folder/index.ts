export { findUp } from "./find-up.ts";
export { oneAtATime } from "./one-at-a-time.ts";
export { type Folder, openFolder } from "./open-folder.ts";
export { readBytes } from "./read-file.ts";
export { removeAtExit } from "./unfinished.ts";
export { createFileAtomic, writeFileAtomic } from "./write-file.ts";
