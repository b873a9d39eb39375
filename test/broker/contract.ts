import { describe, expect, it, onTestFinished } from "vitest";
import type { Broker } from "../../src/server/broker/broker.js";
import { BrokerUnavailableError } from "../../src/server/broker/errors.js";
import type { Delivery } from "../../src/server/broker/work-queues.js";
import { EventQueue } from "./event-queue.js";
import { message, numbered } from "./messages.js";
import { RecordedListener } from "./recorded-listener.js";

/** The promises that src/server/broker/broker.ts makes, checked on a broker that `open` makes and does not start. */
export function describeBroker(name: string, open: () => Promise<Broker>): void {
  async function opened(): Promise<{ broker: Broker; live: RecordedListener }> {
    const broker = await open();
    const live = new RecordedListener();
    broker.listen(live);
    onTestFinished(() => broker[Symbol.asyncDispose]());
    return { broker, live };
  }

  async function started(): Promise<{ broker: Broker; live: RecordedListener }> {
    const { broker, live } = await opened();
    await broker.start();
    expect(await live.states.next()).toBe("resumed");
    return { broker, live };
  }

  describe(name, () => {
    it("tells the listener once that live delivery works, when it starts", async () => {
      const { live } = await started();
      expect(live.states.size).toBe(0);
    });

    it("delivers what is published to the listener, as it was published", async () => {
      const { broker, live } = await started();
      await broker.publish(message('{"text":"Grüße 🔔"}'));
      expect(await live.messages.next()).toBe('{"text":"Grüße 🔔"}');
    });

    it("delivers every one of many messages that are published at once", async () => {
      const { broker, live } = await started();
      const texts = numbered("message", 500);
      await Promise.all(texts.map((text) => broker.publish(message(text))));
      expect((await live.messages.take(500)).sort()).toEqual(texts.sort());
      expect(broker.health().unconfirmed).toBe(0);
    });

    it("delivers messages of all four kinds to the listener", async () => {
      const { broker, live } = await started();
      const kinds = [
        "notification.new",
        "notification.read",
        "notification.delete",
        "notification.clear",
      ] as const;
      for (const routingKey of kinds) await broker.publish(message(routingKey, { routingKey }));
      expect((await live.messages.take(4)).sort()).toEqual([...kinds].sort());
    });

    it("lets a publisher continue before its message is delivered", async () => {
      const { broker, live } = await started();
      void broker.publish(message("later"));
      expect(live.messages.size).toBe(0);
      expect(await live.messages.next()).toBe("later");
    });

    it("delivers the messages of a user who is watched", async () => {
      const { broker, live } = await started();
      await broker.watch("ada");
      await broker.publish(message("to Ada", { userId: "ada" }));
      expect(await live.messages.next()).toBe("to Ada");
      broker.unwatch("ada");
    });

    it("continues to deliver after the listener threw", async () => {
      const { broker } = await opened();
      const heard = new EventQueue<string>();
      broker.listen({
        message(body) {
          heard.push(body.toString());
          throw new Error("the listener is broken");
        },
        interrupted() {},
        resumed() {
          heard.push("resumed");
          throw new Error("the listener is broken");
        },
      });
      await broker.start();
      await broker.publish(message("first"));
      await broker.publish(message("second"));
      expect(await heard.take(3)).toEqual(["resumed", "first", "second"]);
    });

    it("refuses to publish before it is started", async () => {
      const { broker } = await opened();
      await expect(broker.publish(message("too early"))).rejects.toThrow(BrokerUnavailableError);
    });

    it("refuses to publish once it is closed, says so, and may be closed twice", async () => {
      const { broker, live } = await started();
      await Promise.all([broker[Symbol.asyncDispose](), broker[Symbol.asyncDispose]()]);
      await broker[Symbol.asyncDispose]();
      await expect(broker.publish(message("too late"))).rejects.toThrow(BrokerUnavailableError);
      expect(broker.health()).toMatchObject({ healthy: false, publishing: "closed", consuming: "closed" });
      expect(live.states.size).toBe(0);
    });

    it("may be closed before it was started", async () => {
      const { broker } = await opened();
      await broker[Symbol.asyncDispose]();
      expect(broker.health()).toMatchObject({ healthy: false, exhausted: false });
    });

    it("is healthy from its start on", async () => {
      const { broker } = await opened();
      expect(broker.health()).toMatchObject({ healthy: false, publishing: "connecting" });
      await broker.start();
      expect(broker.health()).toMatchObject({
        healthy: true,
        exhausted: false,
        publishing: "connected",
        consuming: "connected",
        lastError: null,
      });
    });

    describe("a work queue", () => {
      it("hands a message to its consumer, with what is to be known of it", async () => {
        const { broker } = await started();
        const deliveries = new EventQueue<Delivery>();
        broker.consume("notification.read", async (delivery) => deliveries.push(delivery), {
          prefetch: 10,
          maxAttempts: 3,
        });
        const sent = message("read it", { routingKey: "notification.read", type: "read" });
        await broker.publish(sent);
        const { body, ...delivery } = await deliveries.next();
        expect(delivery).toEqual({ id: sent.id, type: "read", priority: 4, redelivered: false, failures: 0 });
        expect(body.toString()).toBe("read it");
      });

      it("is consumed from the start by a consumer that was there before", async () => {
        const { broker } = await opened();
        const deliveries = new EventQueue<string>();
        broker.consume("notification.new", async ({ body }) => deliveries.push(body.toString()), {
          prefetch: 1,
          maxAttempts: 3,
        });
        await broker.start();
        await broker.publish(message("hello"));
        expect(await deliveries.next()).toBe("hello");
      });

      it("gives a consumer only its own kind of messages", async () => {
        const { broker } = await started();
        const deliveries = new EventQueue<string>();
        const consumer = async ({ body }: Delivery) => deliveries.push(body.toString());
        broker.consume("notification.clear", consumer, { prefetch: 1, maxAttempts: 3 });
        await broker.publish(message("new", { routingKey: "notification.new" }));
        await broker.publish(message("clear", { routingKey: "notification.clear" }));
        expect(await deliveries.next()).toBe("clear");
      });

      it("has no more messages in progress than the prefetch allows", async () => {
        const { broker } = await started();
        const begun = new EventQueue<() => void>();
        const handler = () => new Promise<void>((resolve) => begun.push(resolve));
        broker.consume("notification.new", handler, { prefetch: 2, maxAttempts: 3 });
        for (const text of numbered("message", 4)) await broker.publish(message(text));
        const [finishFirst, finishSecond] = await begun.take(2);
        expect(begun.size).toBe(0);
        finishFirst?.();
        const finishThird = await begun.next();
        expect(begun.size).toBe(0);
        finishSecond?.();
        finishThird();
        (await begun.next())();
      });

      it("shares its messages out among its consumers, each to one of them", async () => {
        const { broker } = await started();
        const deliveries = new EventQueue<string>();
        for (const consumer of ["A", "B"]) {
          const handler = async ({ body }: Delivery) => deliveries.push(`${consumer} ${body.toString()}`);
          broker.consume("notification.new", handler, { prefetch: 5, maxAttempts: 3 });
        }
        // Either consumer gets a message; once each has had one, both are known to consume.
        const consumers = new Set<string>();
        for (let index = 0; consumers.size < 2; index += 1) {
          await broker.publish(message(`${index}`));
          const [consumer, text] = (await deliveries.next()).split(" ");
          expect(text).toBe(`${index}`);
          if (consumer !== undefined) consumers.add(consumer);
        }
        expect(deliveries.size).toBe(0);
      });

      it("stops when what is being handled is done, and keeps the rest for the next consumer", async () => {
        const { broker } = await started();
        const begun = new EventQueue<() => void>();
        const first = broker.consume("notification.new", () => new Promise((done) => begun.push(done)), {
          prefetch: 1,
          maxAttempts: 3,
        });
        for (const text of ["handled", "kept"]) await broker.publish(message(text));
        const finish = await begun.next();
        let stopped = false;
        const stop = first.stop().then(() => (stopped = true));
        const next = new EventQueue<string>();
        broker.consume("notification.new", async ({ body }) => next.push(body.toString()), {
          prefetch: 10,
          maxAttempts: 3,
        });
        expect(await next.next()).toBe("kept");
        expect(stopped).toBe(false);
        finish();
        await stop;
        await first.stop();
        await broker.publish(message("for the next"));
        expect(await next.next()).toBe("for the next");
        expect(begun.size).toBe(0);
      });

      it("lets a handler in progress finish when the broker is closed", async () => {
        const { broker } = await started();
        const begun = new EventQueue<() => void>();
        broker.consume("notification.new", () => new Promise((done) => begun.push(done)), {
          prefetch: 1,
          maxAttempts: 3,
        });
        await broker.publish(message("in the middle"));
        const finish = await begun.next();
        let closed = false;
        const close = broker[Symbol.asyncDispose]().then(() => (closed = true));
        await new Promise((resolve) => setImmediate(resolve));
        expect(closed).toBe(false);
        finish();
        await close;
      });
    });
  });
}
