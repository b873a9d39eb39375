import type { LiveListener } from "../../src/server/broker/live-bus.js";
import { EventQueue } from "./event-queue.js";

/** A listener that records messages as text, and changes of state separately. */
export class RecordedListener implements LiveListener {
  readonly messages = new EventQueue<string>();
  readonly states = new EventQueue<"interrupted" | "resumed">();

  message(body: Buffer): void {
    this.messages.push(body.toString());
  }

  interrupted(): void {
    this.states.push("interrupted");
  }

  resumed(): void {
    this.states.push("resumed");
  }
}
