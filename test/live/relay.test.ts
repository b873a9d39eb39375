import { expect, it } from "vitest";
import type { EventMessage } from "../../src/server/broker/event-publisher.js";
import { BrokerUnavailableError } from "../../src/server/broker/errors.js";
import { InProcessBroker } from "../../src/server/broker/in-process/in-process-broker.js";
import { Relay } from "../../src/server/live/relay.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { openOnServer } from "../kit/databases.js";
import { Domain, newUser } from "../kit/domain.js";
import { waitUntil } from "../services/wait-until.js";

const log = createLog("silent");

/** A broker that is connected, and accepts nothing while it is down. */
class FaultyBroker extends InProcessBroker {
  isDown = false;
  tries = 0;

  override async publish(message: EventMessage): Promise<void> {
    this.tries += 1;
    if (this.isDown) throw new BrokerUnavailableError("down");
    await super.publish(message);
  }
}

it("after an outage the relay publishes what waits in the log, though nobody commits anything more", async () => {
  await using opened = await openOnServer();
  const { database } = opened;
  await using broker = new FaultyBroker(log);
  await broker.start();
  const relay = new Relay(database, broker, log);
  relay.start();
  try {
    const domain = new Domain(database);
    await domain.createMany(newUser(), 20);
    broker.isDown = true;
    relay.publish(domain.committed);
    await waitUntil("The open circuit", () => !relay.isPublishing, { interval: 5 });
    const { tries } = broker;
    await waitUntil("One event that tries the broker", () => broker.tries > tries);

    broker.isDown = false;
    await waitUntil("Publishing the rest", () => relay.counts.published === 20, { timeout: 30_000 });
    expect(relay.isPublishing).toBe(true);
  } finally {
    await relay.stop();
  }
});

it("an open circuit does not remain an outage when no event waits to be published", async () => {
  await using opened = await openOnServer();
  const { database } = opened;
  await using broker = new FaultyBroker(log);
  await broker.start();
  const relay = new Relay(database, broker, log, { outageMemory: 200 });
  const domain = new Domain(database);
  await domain.createMany(newUser(), 20);
  broker.isDown = true;
  relay.publish(domain.committed);
  await waitUntil("The open circuit", () => !relay.isPublishing, { interval: 5 });
  await waitUntil("Taking it for over", () => relay.isPublishing, { timeout: 30_000 });
  await relay.stop();
});
