/*
 * Crashes of an instance at a point that nothing outside can aim at. The point is put into the process from here, by a
 * module that Node.js loads before the service: there is no switch for it in the product that could be left on.
 */

/**
 * after-commit: an event is committed, and nobody has been told, neither the broker nor whoever asked for it.
 * after-confirm: the broker has confirmed it, and the log does not know yet.
 * after-put-back: a dead letter is in its queue again, and still in the table.
 */
export type CrashPoint = "after-commit" | "after-confirm" | "after-put-back";

/** Variables with which an instance kills itself with -9 when it comes to this point for the `count`th time. */
export function crashAt(point: CrashPoint, count: number): NodeJS.ProcessEnv {
  const module = `let left = ${count};
const pass = () => { left -= 1; if (left <= 0) process.kill(process.pid, "SIGKILL"); };
${patches[point]}`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(module)}` };
}

const relayModule = new URL("../../dist/src/server/live/relay.js", import.meta.url).href;
const brokerModule = new URL("../../dist/src/server/broker/rabbitmq/rabbitmq-broker.js", import.meta.url)
  .href;

const afterCommit = `
const { Relay } = await import(${JSON.stringify(relayModule)});
const publish = Relay.prototype.publish;
Relay.prototype.publish = function (events) {
  if (events.length > 0) pass();
  // The signal takes effect at once, so what follows is for those who go on living.
  return publish.call(this, events);
};`;

/** The broker has taken what this method was given, and whoever called it has not heard of it. */
function afterTaking(method: "publish" | "enqueue"): string {
  return `
const { RabbitMqBroker } = await import(${JSON.stringify(brokerModule)});
const { ${method} } = RabbitMqBroker.prototype;
RabbitMqBroker.prototype.${method} = async function (...args) {
  await ${method}.apply(this, args);
  pass();
};`;
}

const patches: Readonly<Record<CrashPoint, string>> = {
  "after-commit": afterCommit,
  "after-confirm": afterTaking("publish"),
  "after-put-back": afterTaking("enqueue"),
};
