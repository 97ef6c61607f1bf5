export { type BatonServer, createServer } from "./create-server.ts";
export { type Served, type ServeOptions, type Stopped, serveUntilStopped } from "./serve-until-stopped.ts";
export { jsonLog, type LogFields, type ServerLog } from "./server-log.ts";
export {
  defaultLimits,
  type ServedCall,
  type ServedObserver,
  type ServerLimits,
  type ServerOptions,
} from "./server-options.ts";
