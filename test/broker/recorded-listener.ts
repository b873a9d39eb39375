import type { LiveListener } from "../../src/broker/broker.js";
import { EventQueue } from "./event-queue.js";

/** A listener that keeps what it hears: messages as text, and changes of state apart from them. */
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
