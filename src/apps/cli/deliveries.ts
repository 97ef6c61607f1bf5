import { join } from "node:path";
import { readBytes, writeFileAtomic } from "../../adapters/folder/index.ts";
import { BatonError, type Finding } from "../../kernel/index.ts";
import { type RequestNotice, watchFinding } from "../../watch/index.ts";
import type { Alerting } from "./ops-file.ts";

/** Who was told of one request: beside its rows, so that another run, or another machine with the same folder, goes on from there. */
interface DeliveryRecord {
  readonly format_version: 1;
  readonly entry: string;
  readonly delivered: readonly {
    readonly to: string;
    readonly name: string;
    readonly at: string;
    readonly attempts: number;
  }[];
}

/** What came of telling. */
export interface Told {
  readonly name: string;
  readonly outcome: "told" | "told-before" | "failed";
}

/** Tells everybody who was not told yet. A place that was told stays told: the record is written after each. */
export async function deliver(
  notice: RequestNotice,
  {
    alerts,
    folder,
    now,
  }: { readonly alerts: readonly Alerting[]; readonly folder: string; readonly now: () => Date },
): Promise<{ readonly told: readonly Told[]; readonly findings: readonly Finding[] }> {
  const file = join(folder, `${notice.id.slice(0, 12)}.deliveries.json`);
  let record = await readRecord(file, notice.id);
  const told: Told[] = [];
  const findings: Finding[] = [];
  for (const { id, notifier } of alerts) {
    const { name } = notifier;
    if (record.delivered.some(({ to }) => to === id)) {
      told.push({ name, outcome: "told-before" });
      continue;
    }
    const delivery = await notifier.deliver(notice);
    if (delivery.delivered) {
      const one = { to: id, name, at: now().toISOString(), attempts: delivery.attempts };
      record = { ...record, delivered: [...record.delivered, one] };
      await writeFileAtomic(file, Buffer.from(`${JSON.stringify(record, null, 2)}\n`));
      told.push({ name, outcome: "told" });
    } else {
      told.push({ name, outcome: "failed" });
      findings.push(
        watchFinding("watch.notice-not-delivered", {
          clause: notice.said.clause,
          message: `${name} was not told of ${notice.id.slice(0, 12)}: ${delivery.problem}.`,
        }),
      );
    }
  }
  return { told, findings };
}

async function readRecord(file: string, entry: string): Promise<DeliveryRecord> {
  const empty: DeliveryRecord = { format_version: 1, entry, delivered: [] };
  const bytes = await readBytes(file, { maxBytes: 1024 * 1024 }).catch((thrown) => {
    if (thrown instanceof BatonError && thrown.code === "file-missing") return undefined;
    throw thrown;
  });
  if (!bytes) return empty;
  const value = parsed(Buffer.from(bytes).toString("utf8"));
  if (isDeliveryRecord(value) && value.entry === entry) return value;
  throw new BatonError("file-unusable", `${file} is not what baton writes about deliveries.`, {
    file,
    next: "Bring the file back as it was, or remove it: everybody is then told once more.",
  });
}

function isDeliveryRecord(value: unknown): value is DeliveryRecord {
  const { format_version, delivered } = (value ?? {}) as Partial<Record<keyof DeliveryRecord, unknown>>;
  return (
    format_version === 1 &&
    Array.isArray(delivered) &&
    delivered.every((one: unknown) => typeof (one as { to?: unknown } | null)?.to === "string")
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
