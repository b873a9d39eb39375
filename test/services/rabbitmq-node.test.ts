import { connect } from "amqplib";
import { expect, test } from "vitest";
import { startRabbitmqNode } from "./rabbitmq-node.js";

test(
  "a private broker keeps what is durable through kill -9, until it is wiped",
  { timeout: 90_000 },
  async () => {
    await using node = await startRabbitmqNode();
    const connection = await connect(node.url);
    const lost = new Promise((resolve) => {
      connection.on("error", () => {});
      connection.on("close", resolve);
    });
    const channel = await connection.createConfirmChannel();
    channel.on("error", () => {});
    await channel.assertQueue("letters", { durable: true });
    channel.sendToQueue("letters", Buffer.from("hello"), { persistent: true });
    await channel.waitForConfirms();
    // RabbitMQ writes down a new queue a moment after it has confirmed a message in it.
    await node.rabbitmqctl("eval", "mnesia:sync_log().");

    await node.kill();
    await lost;
    await expect(connect(node.url)).rejects.toThrow("ECONNREFUSED");

    await node.start();
    expect(await node.rabbitmqctl("list_queues", "name", "messages")).toContain("letters\t1");

    await node.kill();
    await node.wipe();
    await node.start();
    expect(await node.rabbitmqctl("list_queues", "name")).not.toContain("letters");
  },
);
