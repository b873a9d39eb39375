import { expect, it } from "vitest";
import { type RabbitmqNode, startRabbitmqNode } from "../services/rabbitmq-node.js";
import { waitUntil } from "../services/wait-until.js";
import { message, numbered } from "./messages.js";
import { addVhost, openSpy, startBroker } from "./rabbitmq-testbed.js";

it.each(["classic", "quorum"] as const)(
  "An operator bounds %s queues that stand by a policy, and instances start with it as without",
  { timeout: 120_000 },
  async (queueType) => {
    await using node: RabbitmqNode = await startRabbitmqNode();
    const { name, url } = await addVhost(node);
    await using first = await startBroker(url, { config: { queueType } });
    await first.broker.publish(message("before the policy"));
    const policy = JSON.stringify({ "max-length": 10 });
    const pattern = "^notification\\.(new|read|delete|clear)$";
    await node.rabbitmqctl("set_policy", "-p", name, "carillon", pattern, policy, "--apply-to", "queues");

    await using second = await startBroker(url, { config: { queueType } });
    for (const text of numbered("message", 14)) await second.broker.publish(message(text));
    await using spy = await openSpy(url);
    const counts = () =>
      Promise.all(
        ["notification.new", "notification.dead"].map(
          async (queue) => (await spy.channel.checkQueue(queue)).messageCount,
        ),
      );
    await waitUntil("Dropping the oldest", async () => {
      const [kept = 0, dead = 0] = await counts();
      return kept <= 11 && kept + dead === 15;
    });
    expect((await spy.take("notification.dead")).content.toString()).toBe("before the policy");
  },
);
