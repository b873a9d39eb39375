import type { Broker } from "../broker/broker.js";
import type { Database } from "../database/database.js";
import type { OnCommitted } from "../notifications/service.js";
import type { ResourceStack } from "../scheduling/resource-stack.js";
import type { Log } from "../telemetry/log.js";
import { startEpochWatch } from "./epoch-watch.js";
import { startHeadPoller } from "./head-poller.js";
import { Feed, type FeedLimits, type FeedStart } from "./feed.js";
import { Hub } from "./hub.js";
import { LogReader } from "./log-reader.js";
import { Relay } from "./relay.js";
import { startSweepers } from "./retention-sweepers.js";

/*
 * live/: brings committed events to the connected subscribers.
 *
 *   event log ──relay──▶ broker ──▶ hub ──▶ feed ──▶ subscriber
 *       │                                    ▲
 *       └────────────── log reader ──────────┘   replay, and what the broker lost
 *
 * Promise: every committed event reaches every open feed of its user exactly once and in order, unless a marker tells the
 * feed that the history is lost. The broker may lose, repeat or reorder; the sequence of the events shows it, and the log
 * has them all. The head poller tells feeds which gaps no later event would show; the epoch watch, that the log itself was
 * replaced.
 *
 * It assumes that an event is published only after its commit, and that the log keeps events for the retention time.
 */

export interface LiveOptions {
  readonly database: Database;
  /** Not started: live/ starts it as soon as it listens. */
  readonly broker: Broker;
  /** How long events stay in the log, ms. */
  readonly eventRetention: number;
  readonly feedLimits: FeedLimits;
  readonly log: Log;
}

export interface Live {
  readonly hub: Hub;
  readonly relay: Relay;
  /** Publishes events that were just committed. */
  readonly publish: OnCommitted;
  /** Opens the stream of one subscription. @param onStalled called when its reader makes no progress */
  openFeed(userId: string, start: FeedStart, onStalled: () => void): Promise<Feed>;
}

/** Milliseconds between two polls of the heads. */
const headIntervals = { calm: 15_000, outage: 1000 };
/** Milliseconds between two reads of the epoch. */
const epochInterval = 1000;

/**
 * Starts live delivery, and the broker.
 * @throws StartupError when the broker refuses the configuration
 */
export async function openLive(options: LiveOptions, resources: ResourceStack): Promise<Live> {
  const { database, broker, eventRetention, feedLimits, log } = options;
  const relay = new Relay(database, broker, log);
  const publish: OnCommitted = (events) => relay.publish(events);
  const hub = new Hub(broker, log);
  const isDelivering = (): boolean => broker.health().healthy && relay.isPublishing;
  const heads = startHeadPoller({ database, hub, isDelivering, intervals: headIntervals, log });
  resources.defer(() => heads.stop());
  const onChange = (): void => heads.wake();
  const epochWatch = startEpochWatch({ database, interval: epochInterval, onChange, log });
  resources.defer(() => epochWatch.stop());

  hub.onStateChange(() => relay.wake());
  broker.listen(hub);
  await broker.start();
  relay.start();
  resources.defer(() => relay.stop());
  const sweepers = startSweepers({ database, onCommitted: publish, eventRetention, log });
  resources.defer(async () => void (await Promise.all(sweepers.map((sweeper) => sweeper.stop()))));

  const logReader = new LogReader(database);
  return {
    hub,
    relay,
    publish,
    openFeed: (userId, start, onStalled) =>
      Feed.open({ userId, start, hub, log: logReader, limits: feedLimits, onStalled }),
  };
}
