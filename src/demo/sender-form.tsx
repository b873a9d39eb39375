import { useState } from "react";
import type { CarillonClient } from "@carillon/client";
import type { CreateNotificationInput } from "@carillon/client";
import { FloodForm } from "./flood-form.js";
import { send } from "./sender.js";
import type { Session } from "./session.js";

interface SenderFormProps {
  readonly sender: CarillonClient;
  readonly names: readonly [string, string];
  readonly sessions: readonly [Session | null, Session | null];
}

const priorities = ["LOW", "NORMAL", "HIGH", "URGENT"] as const;

/** Acts as a backend: sends one notification to one user or both, or a flood of them. */
export function SenderForm({ sender, names, sessions }: SenderFormProps) {
  const [to, setTo] = useState("first");
  const [outcome, setOutcome] = useState("");
  const places = { first: [0], second: [1] }[to] ?? [0, 1];
  const recipients = names.filter((_, place) => places.includes(place));

  async function submit(form: FormData): Promise<void> {
    const text = (name: string): string => {
      const value = form.get(name);
      return typeof value === "string" ? value : "";
    };
    const content: Omit<CreateNotificationInput, "userId"> = {
      category: text("category"),
      title: text("title"),
      body: text("body"),
      priority: priorities.find((priority) => priority === text("priority")) ?? "NORMAL",
    };
    try {
      const milliseconds = await send(
        sender,
        recipients.map((userId) => Object.assign({ userId }, content)),
      );
      setOutcome(`Acknowledged after ${Math.round(milliseconds)} ms.`);
    } catch (error) {
      setOutcome(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <section className="card sender" aria-labelledby="send">
      <h2 id="send">Send</h2>
      <form
        className="one"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        <label className="to">
          To
          <select value={to} onChange={({ target }) => setTo(target.value)}>
            <option value="first">{names[0]}</option>
            <option value="second">{names[1]}</option>
            <option value="both">both</option>
          </select>
        </label>
        <label className="priority">
          Priority
          <select name="priority" defaultValue="NORMAL">
            {priorities.map((priority) => (
              <option key={priority} value={priority}>
                {priority.toLowerCase()}
              </option>
            ))}
          </select>
        </label>
        <label className="category">
          Category
          <input name="category" required pattern="[a-z0-9._\-]{1,64}" defaultValue="order.shipped" />
        </label>
        <label className="title">
          Title
          <input name="title" required maxLength={200} defaultValue="Your order is on its way" />
        </label>
        <label className="body">
          Body
          <input name="body" maxLength={4000} defaultValue="It should arrive on Thursday." />
        </label>
        <button type="submit" className="primary">
          Send
        </button>
      </form>
      <FloodForm
        sender={sender}
        recipients={sessions.filter((_, place) => places.includes(place))}
        onOutcome={setOutcome}
      />
      <p role="status" className="outcome">
        {outcome}
      </p>
    </section>
  );
}
