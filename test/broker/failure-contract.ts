import { describe, expect, it, onTestFinished } from "vitest";
import type { Broker } from "../../src/server/broker/broker.js";
import type { DeadLetter, Delivery } from "../../src/server/broker/work-queues.js";
import { PoisonMessageError, RetryAfterError } from "../../src/server/broker/errors.js";
import { EventQueue } from "./event-queue.js";
import { message, numbered, task } from "./messages.js";

/** The delays of a broker under test, ms. */
export const shortDelays = [50, 400];

/** What the broker promises of messages that are not handled, of tasks, and of dead letters. */
export function describeFailures(name: string, open: () => Promise<Broker>): void {
  async function started(): Promise<Broker> {
    const broker = await open();
    onTestFinished(() => broker[Symbol.asyncDispose]());
    await broker.start();
    return broker;
  }

  /** Collects the dead letters. */
  function deadLettersOf(broker: Broker): EventQueue<DeadLetter> {
    const deadLetters = new EventQueue<DeadLetter>();
    broker.consumeDeadLetters(async (deadLetter) => deadLetters.push(deadLetter), { prefetch: 10 });
    return deadLetters;
  }

  describe(`${name}: a message that is not handled`, () => {
    it("comes again after delays that grow, with its failures counted, and is then dead", async () => {
      const broker = await started();
      const deadLetters = deadLettersOf(broker);
      const attempts = new EventQueue<{ failures: number; at: number }>();
      broker.consume(
        "notification.delete",
        async ({ failures }) => {
          attempts.push({ failures, at: performance.now() });
          throw new Error(`cannot ${failures}`);
        },
        { prefetch: 1, maxAttempts: 4 },
      );
      const sent = message("hopeless", { routingKey: "notification.delete" });
      const before = Date.now();
      await broker.publish(sent);
      const all = await attempts.take(4);
      expect(all.map(({ failures }) => failures)).toEqual([0, 1, 2, 3]);
      const gaps = all.slice(1).map(({ at }, index) => at - (all[index]?.at ?? 0));
      for (const [index, least] of [50, 400, 400].entries())
        expect(gaps[index]).toBeGreaterThanOrEqual(least - 5);
      const { body, firstFailedAt, lastFailedAt, ...deadLetter } = await deadLetters.next();
      expect(deadLetter).toEqual({
        queue: "notification.delete",
        messageId: sent.id,
        type: "created",
        priority: 4,
        reason: "FAILED",
        error: "cannot 3",
        attempts: 4,
      });
      expect(body.toString()).toBe("hopeless");
      expect(firstFailedAt.getTime()).toBeGreaterThanOrEqual(before);
      expect(lastFailedAt.getTime() - firstFailedAt.getTime()).toBeGreaterThanOrEqual(840);
      expect(attempts.size).toBe(0);
    });

    it("comes again to its own queue only, and to no listener, and can be handled then", async () => {
      const broker = await started();
      const handled = new EventQueue<string>();
      const once = async ({ failures, body }: Delivery) => {
        if (failures === 0) throw new Error("not yet");
        handled.push(`new ${body.toString()}`);
      };
      broker.consume("notification.new", once, { prefetch: 1, maxAttempts: 3 });
      broker.consume("notification.read", async ({ id }) => handled.push(`read ${id}`), {
        prefetch: 1,
        maxAttempts: 3,
      });
      await broker.publish(message("again"));
      expect(await handled.next()).toBe("new again");
      await broker.publish(message("", { routingKey: "notification.read", id: "later" }));
      expect(await handled.next()).toBe("read later");
    });

    it("does not keep the others waiting", async () => {
      const broker = await started();
      const deliveries = new EventQueue<string>();
      const handler = async ({ body }: Delivery) => {
        deliveries.push(body.toString());
        if (body.toString() === "bad") throw new Error("cannot handle it");
      };
      broker.consume("notification.new", handler, { prefetch: 1, maxAttempts: 3 });
      for (const text of ["bad", "good", "better"]) await broker.publish(message(text));
      expect((await deliveries.take(5)).sort()).toEqual(["bad", "bad", "bad", "better", "good"]);
    });

    it("counts when its handler throws at once", async () => {
      const broker = await started();
      const deadLetters = deadLettersOf(broker);
      const handler = (): Promise<void> => {
        throw new Error("at once");
      };
      broker.consume("notification.new", handler, { prefetch: 1, maxAttempts: 1 });
      await broker.publish(message("bad"));
      expect(await deadLetters.next()).toMatchObject({ error: "at once", attempts: 1 });
    });

    it("is dead at once when it is poisoned, and harms nobody", async () => {
      const broker = await started();
      const deadLetters = deadLettersOf(broker);
      const handled = new EventQueue<string>();
      const handler = async ({ body }: Delivery) => {
        if (body.toString() === "poison") throw new PoisonMessageError("not JSON");
        handled.push(body.toString());
      };
      broker.consume("notification.clear", handler, { prefetch: 1, maxAttempts: 9 });
      for (const text of ["poison", "food"]) {
        await broker.publish(message(text, { routingKey: "notification.clear" }));
      }
      expect(await handled.next()).toBe("food");
      expect(await deadLetters.next()).toMatchObject({
        queue: "notification.clear",
        reason: "POISONED",
        error: "not JSON",
        attempts: 1,
      });
    });

    it("comes again when its handler says, and does not count where the handler says so", async () => {
      const broker = await started();
      const deadLetters = deadLettersOf(broker);
      const attempts = new EventQueue<{ failures: number; at: number }>();
      let calls = 0;
      const handler = async ({ failures }: Delivery) => {
        attempts.push({ failures, at: performance.now() });
        calls += 1;
        throw new RetryAfterError("busy", { delay: 300, counts: calls > 2 });
      };
      broker.consume("notification.new", handler, { prefetch: 1, maxAttempts: 2 });
      await broker.publish(message("waiting"));
      const all = await attempts.take(4);
      expect(all.map(({ failures }) => failures)).toEqual([0, 0, 0, 1]);
      for (const [index, { at }] of all.slice(1).entries()) {
        expect(at - (all[index]?.at ?? 0)).toBeGreaterThanOrEqual(395);
      }
      expect(await deadLetters.next()).toMatchObject({ reason: "FAILED", error: "busy", attempts: 2 });
    });

    it("shows its last error in one line, bounded, and without a password", async () => {
      const broker = await started();
      const deadLetters = deadLettersOf(broker);
      const error = new Error(`https://user:hunter2@example.com\nanswered ${"x".repeat(2000)}`);
      broker.consume("notification.new", () => Promise.reject(error), { prefetch: 1, maxAttempts: 1 });
      await broker.publish(message("bad"));
      const deadLetter = await deadLetters.next();
      expect(deadLetter.error).toMatch(/^https:\/\/example\.com answered x+…$/);
      expect(deadLetter.error).toHaveLength(500);
    });
  });

  describe(`${name}: a task`, () => {
    it("waits in its queue, made for it, until it is consumed, in order", async () => {
      const broker = await started();
      const sent = numbered("task", 5).map((text) => task(text, { type: "read" }));
      for (const each of sent) await broker.enqueue("notification.task.one", each);
      await broker.enqueue("notification.task.other", task("not for this one"));
      const deliveries = new EventQueue<Delivery>();
      broker.consume("notification.task.one", async (delivery) => deliveries.push(delivery), {
        prefetch: 1,
        maxAttempts: 3,
      });
      for (const { body, ...expected } of sent) {
        const delivery = await deliveries.next();
        expect(delivery).toMatchObject({ ...expected, redelivered: false, failures: 0 });
        expect(delivery.body.toString()).toBe(body.toString());
      }
    });

    it("arrives in a queue that was consumed before, and returns to it when it fails", async () => {
      const broker = await started();
      const deadLetters = deadLettersOf(broker);
      const deliveries = new EventQueue<number>();
      const handler = async ({ failures }: Delivery) => {
        deliveries.push(failures);
        throw new Error("no");
      };
      broker.consume("notification.task.failing", handler, { prefetch: 1, maxAttempts: 2 });
      await broker.enqueue("notification.task.failing", task("try"));
      expect(await deliveries.take(2)).toEqual([0, 1]);
      expect(await deadLetters.next()).toMatchObject({ queue: "notification.task.failing", attempts: 2 });
    });

    it("of one id can be put into many queues at once", async () => {
      const broker = await started();
      const deliveries = new EventQueue<string>();
      const one = task("for all");
      const queues = numbered("q", 20).map((name) => `notification.task.${name}` as const);
      for (const queue of queues) {
        broker.consume(queue, async () => deliveries.push(queue), { prefetch: 1, maxAttempts: 3 });
      }
      await Promise.all(queues.map((queue) => broker.enqueue(queue, one)));
      expect((await deliveries.take(20)).sort()).toEqual(queues.toSorted());
    });
  });

  describe(`${name}: a dead letter`, () => {
    it("waits for its consumer, and is gone once that has taken it", async () => {
      const broker = await started();
      broker.consume("notification.new", () => Promise.reject(new Error("no")), {
        prefetch: 5,
        maxAttempts: 1,
      });
      await broker.publish(message("one"));
      const deadLetters = new EventQueue<string>();
      const keep = async ({ body }: DeadLetter) => deadLetters.push(body.toString());
      const first = broker.consumeDeadLetters(keep, { prefetch: 1 });
      expect(await deadLetters.next()).toBe("one");
      await first.stop();
      broker.consumeDeadLetters(keep, { prefetch: 1 });
      await broker.publish(message("two"));
      expect(await deadLetters.next()).toBe("two");
    });

    it("is given again a second later when its handler rejects it", async () => {
      const broker = await started();
      broker.consume("notification.new", () => Promise.reject(new Error("no")), {
        prefetch: 5,
        maxAttempts: 1,
      });
      const times = new EventQueue<number>();
      let calls = 0;
      const keep = async () => {
        times.push(performance.now());
        calls += 1;
        if (calls === 1) throw new Error("the database is away");
      };
      broker.consumeDeadLetters(keep, { prefetch: 1 });
      await broker.publish(message("stubborn"));
      const [first = 0, second = 0] = await times.take(2);
      expect(second - first).toBeGreaterThanOrEqual(990);
    });

    it("can be published to its queue again, with no attempts counted", async () => {
      const broker = await started();
      const deadLetters = deadLettersOf(broker);
      const failures = new EventQueue<number>();
      const handler = async (delivery: Delivery) => {
        failures.push(delivery.failures);
        throw new Error("no");
      };
      broker.consume("notification.read", handler, { prefetch: 1, maxAttempts: 2 });
      const sent = message("dead before", { routingKey: "notification.read", type: "read" });
      await broker.publish(sent);
      const { queue, messageId, type, priority, body } = await deadLetters.next();
      await broker.enqueue(queue, { id: messageId ?? "", type: type ?? "", priority, body });
      expect(await failures.take(4)).toEqual([0, 1, 0, 1]);
      const again = await deadLetters.next();
      expect(again).toMatchObject({
        queue: "notification.read",
        messageId: sent.id,
        type: "read",
        attempts: 2,
      });
      expect(again.body.toString()).toBe("dead before");
    });
  });
}
