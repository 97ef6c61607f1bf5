import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import { runtimeLimits } from "../../adapters/onnx/index.ts";
import type { Host } from "../../evidence/index.ts";

/** Where this process runs, for evidence: no names, no addresses. */
export function thisHost(): Host {
  return {
    os: `${platform()} ${release()}`,
    arch: arch(),
    cpu: cpus()[0]?.model.trim() || "unknown",
    cpus: availableParallelism(),
    memoryMiB: Math.floor(totalmem() / 1024 ** 2),
    node: process.versions.node,
    runtime: runtimeLimits.runtime,
  };
}
