/** An instance that kills itself at a point: see crash-points.ts. A program of its own, run by the fault suite. */
import { runInstance } from "./run-instance.js";

const point = process.env["CRASH_POINT"];
let left = Number(process.env["CRASH_COUNT"]);

/** The signal takes effect at once, so what follows is for those who go on living. */
function pass(): void {
  left -= 1;
  if (left <= 0) process.kill(process.pid, "SIGKILL");
}

await runInstance((broker) => {
  const publish = broker.publish.bind(broker);
  const enqueue = broker.enqueue.bind(broker);
  broker.publish = async (message) => {
    if (point === "after-commit") pass();
    await publish(message);
    if (point === "after-confirm") pass();
  };
  broker.enqueue = async (queue, task) => {
    await enqueue(queue, task);
    if (point === "after-put-back") pass();
  };
  return broker;
});
