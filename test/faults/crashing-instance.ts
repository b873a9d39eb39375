/** src/server/main.ts, except that it kills itself at a point: see crash-points.ts. A program of its own. */
import { RabbitMqBroker } from "../../src/server/broker/rabbitmq/rabbitmq-broker.js";
import { Relay } from "../../src/server/live/relay.js";
import { serve } from "../../src/server/serve.js";

let left = Number(process.env["CRASH_COUNT"]);

/** The signal takes effect at once, so what follows is for those who go on living. */
function pass(): void {
  left -= 1;
  if (left <= 0) process.kill(process.pid, "SIGKILL");
}

/** What a method was given is done, and whoever called it has not heard of it. */
function passAfter<A extends unknown[]>(method: (...args: A) => Promise<void>) {
  return async function (this: unknown, ...args: A): Promise<void> {
    await method.apply(this, args);
    pass();
  };
}

switch (process.env["CRASH_POINT"]) {
  case "after-commit": {
    const { publish } = Relay.prototype;
    Relay.prototype.publish = function (events) {
      if (events.length > 0) pass();
      return publish.call(this, events);
    };
    break;
  }
  case "after-confirm":
    RabbitMqBroker.prototype.publish = passAfter(RabbitMqBroker.prototype.publish);
    break;
  case "after-put-back":
    RabbitMqBroker.prototype.enqueue = passAfter(RabbitMqBroker.prototype.enqueue);
    break;
  default:
    throw new RangeError(`there is no crash point ${process.env["CRASH_POINT"]}`);
}
await serve(process.env);
