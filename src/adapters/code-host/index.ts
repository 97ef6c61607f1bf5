export type { CodeHost, CommitStatus, Posted } from "./code-host.ts";
export { gitHub } from "./github.ts";
export { gitLab } from "./gitlab.ts";
