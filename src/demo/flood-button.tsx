import { useState } from "react";
import type { CarillonClient, Observable } from "../client/index.js";
import type { Journal } from "./journal.js";
import { flood } from "./sender.js";
import type { Session } from "./session.js";

interface FloodButtonProps {
  readonly sender: CarillonClient;
  /** null: not open yet. */
  readonly recipients: readonly (Session | null)[];
}

const largest = 10_000;

/** Sends many as fast as they are acknowledged, and says how fast that was and when they had arrived. */
export function FloodButton({ sender, recipients }: FloodButtonProps) {
  const [count, setCount] = useState(500);
  const [sent, setSent] = useState<number | null>(null);
  const [outcome, setOutcome] = useState("");

  async function run(): Promise<void> {
    const sessions = recipients.filter((session) => session !== null);
    const total = count * sessions.length;
    const start = performance.now();
    const arrivals = Promise.all(sessions.map(({ journal }) => arrival(journal, count)));
    let acknowledged = 0;
    setSent(0);
    setOutcome("");
    try {
      const floods = sessions.map(({ client: { userId } }) =>
        flood(sender, userId, count, (more) => setSent((acknowledged += more))),
      );
      await Promise.all(floods);
    } catch (error) {
      setOutcome(error instanceof Error ? error.message : String(error));
      return;
    } finally {
      setSent(null);
    }
    const seconds = secondsSince(start);
    const rate = Math.round(total / seconds).toLocaleString("en");
    const figures = `${total.toLocaleString("en")} acknowledged in ${seconds.toFixed(2)} s, ${rate} a second`;
    setOutcome(`${figures}; not all have arrived yet.`);
    await arrivals;
    setOutcome(`${figures}; all had arrived after ${secondsSince(start).toFixed(2)} s.`);
  }

  return (
    <div className="flood">
      <label>
        Many at once
        <input
          type="number"
          min={1}
          max={largest}
          value={count}
          onChange={({ target }) =>
            setCount(Math.min(largest, Math.max(1, Math.trunc(target.valueAsNumber) || 1)))
          }
        />
      </label>
      <button type="button" disabled={sent !== null || recipients.includes(null)} onClick={() => void run()}>
        Flood
      </button>
      {sent === null ? (
        <p role="status">{outcome}</p>
      ) : (
        <progress aria-label="Acknowledged" max={count * recipients.length} value={sent} />
      )}
    </div>
  );
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

/** Resolves once the journal has so many more notifications than now. */
async function arrival(journal: Observable<Journal>, count: number): Promise<void> {
  const expected = journal.get().created + count;
  await new Promise<void>((resolve) => {
    const end = journal.subscribe(({ created }) => {
      if (created < expected) return;
      end();
      resolve();
    });
  });
}
