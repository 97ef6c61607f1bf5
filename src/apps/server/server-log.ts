import { type DestinationStream, destination, pino, stdTimeFunctions } from "pino";

/** Fields of a log line: never anything out of a request but its route. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** One line for each thing that somebody who runs the server should know. */
export interface ServerLog {
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** JSON lines on standard error, or on another stream. */
export function jsonLog(stream: DestinationStream = destination({ dest: 2, sync: true })): ServerLog {
  const logger = pino({ base: null, timestamp: stdTimeFunctions.isoTime, messageKey: "event" }, stream);
  return {
    warn: (event, fields = {}) => logger.warn(fields, event),
    error: (event, fields = {}) => logger.error(fields, event),
  };
}

/** Says nothing. */
export const silentLog: ServerLog = { warn: () => undefined, error: () => undefined };
