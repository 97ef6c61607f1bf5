export { commandNotifier } from "./command.ts";
export { githubNotifier } from "./github.ts";
export { webhookNotifier } from "./webhook.ts";
