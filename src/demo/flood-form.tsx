import { useState } from "react";
import type { CarillonClient, Observable } from "@carillon/client";
import type { EventHistory } from "./event-history.js";
import { flood } from "./sender.js";
import type { Session } from "./session.js";

interface FloodFormProps {
  readonly sender: CarillonClient;
  /** null: not open yet. */
  readonly recipients: readonly (Session | null)[];
  /** Receives the outcome, as text. */
  readonly onOutcome: (outcome: string) => void;
}

const largest = 10_000;

/** Sends many notifications as fast as they are acknowledged, and reports the rate and the time until all have arrived. */
export function FloodForm({ sender, recipients, onOutcome }: FloodFormProps) {
  const [progress, setProgress] = useState<{ sent: number; total: number } | null>(null);

  async function run(count: number): Promise<void> {
    const sessions = recipients.filter((session) => session !== null);
    const total = count * sessions.length;
    const start = performance.now();
    const arrivals = Promise.all(sessions.map(({ history }) => arrival(history, count)));
    let sent = 0;
    const onAcknowledged = (more: number): void => {
      sent += more;
      setProgress({ sent, total });
    };
    onOutcome("");
    onAcknowledged(0);
    try {
      await Promise.all(sessions.map(({ client }) => flood(sender, client.userId, count, onAcknowledged)));
    } catch (error) {
      onOutcome(error instanceof Error ? error.message : String(error));
      return;
    } finally {
      setProgress(null);
    }
    const seconds = secondsSince(start);
    const rate = Math.round(total / seconds).toLocaleString("en");
    const figures = `${total.toLocaleString("en")} acknowledged in ${seconds.toFixed(2)} s, ${rate} a second`;
    onOutcome(`${figures}; not all have arrived yet.`);
    await arrivals;
    onOutcome(`${figures}; all had arrived after ${secondsSince(start).toFixed(2)} s.`);
  }

  return (
    <form
      className="flood"
      onSubmit={(event) => {
        event.preventDefault();
        void run(Number(new FormData(event.currentTarget).get("count")));
      }}
    >
      <label>
        Many at once
        <input name="count" type="number" min={1} max={largest} required defaultValue={500} />
      </label>
      <button type="submit" disabled={progress !== null || recipients.includes(null)}>
        Flood
      </button>
      {progress !== null && <progress aria-label="Acknowledged" max={progress.total} value={progress.sent} />}
    </form>
  );
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

/** Resolves when `count` more notifications have arrived. */
async function arrival(history: Observable<EventHistory>, count: number): Promise<void> {
  const expected = history.get().created + count;
  await new Promise<void>((resolve) => {
    const unsubscribe = history.subscribe(({ created }) => {
      if (created < expected) return;
      unsubscribe();
      resolve();
    });
  });
}
