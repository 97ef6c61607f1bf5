import { CloudEvent, HTTP } from "cloudevents";
import type { RequestNotice } from "../../watch/index.ts";

/** Type of the event that asks for the next version. */
export const requestEventType = "io.modelbaton.request.v1";

/** A message as it is sent: headers and body in CloudEvents' structured JSON mode. */
export interface EventMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The notice as a CloudEvent 1.0 whose data carries the signed relay entry: whoever has the people file can verify it. */
export function requestEvent(notice: RequestNotice): EventMessage {
  const { id, model, at, said, version, contentDigest, environment, onCall, entry } = notice;
  const event = new CloudEvent({
    id,
    type: requestEventType,
    source: `urn:modelbaton:relay:${model}`,
    subject: said.clause,
    time: at,
    datacontenttype: "application/json",
    data: {
      model,
      version,
      content_digest: contentDigest,
      environment,
      ...(onCall !== undefined && { on_call: onCall }),
      request: said,
      entry,
    },
  });
  const { headers, body } = HTTP.structured(event);
  return { headers: { "content-type": String(headers["content-type"]) }, body: String(body) };
}
