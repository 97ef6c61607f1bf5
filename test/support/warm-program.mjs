/*
 * The built program in a process that stays: each command line evaluates the entry file anew, on modules that are
 * loaded already. What a command sees (arguments, folder, environment, time) and says is that command's own.
 */

const entry = process.argv[2];
const RealDate = Date;
let shiftMs = 0;

/** The clock of the machine, put forward by as much as the scenario says. */
class ShiftedDate extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + shiftMs);
    else super(...given);
  }
  static now() {
    return RealDate.now() + shiftMs;
  }
}
globalThis.Date = ShiftedDate;

let runs = 0;
process.on("message", async ({ argv, cwd, env, forwardMs }) => {
  const said = { stdout: "", stderr: "" };
  const writes = {};
  for (const name of ["stdout", "stderr"]) {
    writes[name] = process[name].write;
    process[name].write = (text) => {
      said[name] += text;
      return true;
    };
  }
  shiftMs = forwardMs;
  process.chdir(cwd);
  process.env = env;
  process.argv = [process.execPath, entry, ...argv];
  process.exitCode = undefined;
  try {
    await import(`${entry}?run=${runs++}`);
  } catch (thrown) {
    said.stderr += `The program threw: ${thrown?.stack ?? thrown}\n`;
    process.exitCode = 70;
  }
  for (const name of ["stdout", "stderr"]) process[name].write = writes[name];
  for (const name of ["stdout", "stderr"]) process[name].removeAllListeners("error");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "exit"]) process.removeAllListeners(signal);
  process.send({ exitCode: Number(process.exitCode ?? 0), ...said });
});
process.send("ready");
