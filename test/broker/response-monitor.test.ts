import { describe, expect, it } from "vitest";
import {
  type Exchange,
  type Exchanges,
  ResponseMonitor,
} from "../../src/server/broker/rabbitmq/response-monitor.js";

const quiet: Exchange = { sent: 0, unanswered: null };
const waiting: Exchange = { sent: 1, unanswered: 1 };

function open(): (fields?: Partial<Exchanges>, times?: number) => ResponseMonitor {
  const monitor = new ResponseMonitor({ overdueAfter: 3, steadyAfter: 4 });
  return (fields = {}, times = 1) => {
    for (let check = 0; check < times; check += 1) {
      monitor.check({ published: quiet, confirmedProbes: quiet, arrivedProbes: quiet, ...fields });
    }
    return monitor;
  };
}

describe("A broker counts as responsive", () => {
  it("while nothing is asked of it", () => {
    expect(open()({}, 100)).toMatchObject({ responsive: true, publishing: true, consuming: true });
  });

  it("while answers come in time, however many are outstanding at each check", () => {
    const check = open();
    for (let sent = 10; sent < 1000; sent += 10) {
      const busy = { sent, unanswered: sent - 9 };
      const monitor = check({ published: busy, confirmedProbes: busy, arrivedProbes: busy });
      expect(monitor.responsive).toBe(true);
    }
  });

  it("until an answer has been outstanding for longer than the limit, and again after a while without", () => {
    const check = open();
    expect(check({ arrivedProbes: waiting }, 3).responsive).toBe(true);
    expect(check({ arrivedProbes: waiting }).responsive).toBe(false);
    const answered = { sent: 1, unanswered: null };
    expect(check({ arrivedProbes: answered }, 3).responsive).toBe(false);
    expect(check({ arrivedProbes: answered }).responsive).toBe(true);
  });

  it("not while each answer comes late, though the oldest that is outstanding is another at each check", () => {
    const check = open();
    for (let sent = 1; sent < 10; sent += 1)
      check({ arrivedProbes: { sent, unanswered: Math.max(1, sent - 4) } });
    expect(check({ arrivedProbes: { sent: 10, unanswered: 6 } }).responsive).toBe(false);
  });
});

describe("What does not answer", () => {
  it("is the publishing connection when a probe is not confirmed", () => {
    const monitor = open()({ confirmedProbes: waiting, arrivedProbes: waiting }, 4);
    expect(monitor).toMatchObject({ publishing: false, consuming: false });
  });

  it("is the publishing connection when an event is not confirmed and no probe either, however young the probe is", () => {
    const check = open();
    check({ published: waiting }, 3);
    expect(check({ published: waiting, confirmedProbes: waiting }).publishing).toBe(false);
  });

  it("is one queue when probes are confirmed and an event is not: publishing continues, and the broker is not responsive", () => {
    const monitor = open()({ published: waiting }, 100);
    expect(monitor).toMatchObject({ publishing: true, consuming: true, responsive: false });
  });

  it("is the consuming connection when a probe is confirmed and does not arrive", () => {
    const monitor = open()({ arrivedProbes: waiting }, 4);
    expect(monitor).toMatchObject({ publishing: true, consuming: false });
  });
});
