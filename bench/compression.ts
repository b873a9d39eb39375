/**
 * Measures what compressing message bodies saves and costs, by algorithm and level, on events as they travel: notifications
 * in several languages whose `data` grows. Sizes are exact; times are of this machine, each the median of many runs.
 */
import { randomBytes, randomUUID } from "node:crypto";
import zlib from "node:zlib";
import type { NotificationEvent } from "../src/server/notifications/event.js";
import { encodeEvent } from "../src/server/live/event-encoding.js";

const sizes = [300, 600, 1000, 2000, 4000, 16_000, 20_000];
const runs = 300;

interface Algorithm {
  readonly name: string;
  readonly compress: (body: Buffer) => Buffer;
  readonly decompress: (body: Buffer) => Buffer;
}

function brotli(quality: number): Algorithm {
  return {
    name: `br ${quality}`,
    compress: (body) =>
      zlib.brotliCompressSync(body, {
        params: {
          [zlib.constants.BROTLI_PARAM_QUALITY]: quality,
          [zlib.constants.BROTLI_PARAM_SIZE_HINT]: body.length,
        },
      }),
    decompress: (body) => zlib.brotliDecompressSync(body),
  };
}

function gzip(level: number): Algorithm {
  return {
    name: `gzip ${level}`,
    compress: (body) => zlib.gzipSync(body, { level }),
    decompress: (body) => zlib.gunzipSync(body),
  };
}

function deflate(level: number): Algorithm {
  return {
    name: `deflate ${level}`,
    compress: (body) => zlib.deflateSync(body, { level }),
    decompress: (body) => zlib.inflateSync(body),
  };
}

const algorithms = [gzip(1), gzip(6), deflate(1), deflate(6), brotli(1), brotli(4), brotli(5)];

const sentences = [
  "Your order has left our warehouse and should reach you within two working days.",
  "Grüße aus München: Ihr Termin am Donnerstag wurde auf 14:30 Uhr verschoben.",
  "Votre facture du mois de décembre est désormais disponible dans votre espace client.",
  "ご注文の商品を発送いたしました。お届けまで今しばらくお待ちください。",
  "لقد تم شحن طلبك وسيصل إليك خلال يومي عمل.",
  "Ваш заказ отправлен и будет доставлен в течение двух рабочих дней.",
  "Tu suscripción se renovará automáticamente el próximo lunes 🔔.",
];

function pick<T>(values: readonly T[], index: number): T {
  const value = values[index % values.length];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

/** A line of what backends attach: ids, amounts, times, and some prose. */
function item(index: number): object {
  return {
    id: randomUUID(),
    sku: randomBytes(5).toString("hex"),
    quantity: (index * 7) % 13,
    price: { amount: ((index * 7919) % 99_991) / 100, currency: pick(["EUR", "USD", "JPY"], index) },
    note: pick(sentences, index * 3 + 1),
    updatedAt: new Date(1_790_000_000_000 + index * 86_399_000).toISOString(),
  };
}

/** The body of an event of about this many bytes. */
function body(size: number, seed: number): Buffer {
  const items: object[] = [];
  for (;;) {
    const event: NotificationEvent = {
      id: randomUUID(),
      userId: `user-${seed * 7919}`,
      epoch: randomUUID(),
      sequence: seed + 1,
      occurredAt: new Date(),
      unreadCount: seed % 40,
      type: "created",
      payload: {
        notification: {
          id: randomUUID(),
          userId: `user-${seed * 7919}`,
          category: "order.shipped",
          title: pick(sentences, seed).slice(0, 40),
          body: size < 500 ? null : pick(sentences, seed + 1),
          data: items.length === 0 ? null : { items },
          actionUrl: size < 500 ? null : `https://shop.example.com/orders/${randomUUID()}`,
          priority: "NORMAL",
          createdAt: new Date(),
          readAt: null,
          expiresAt: null,
        },
      },
    };
    const encoded = encodeEvent(event).body;
    if (encoded.length >= size) return encoded;
    items.push(item(seed + items.length));
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Microseconds. */
function time(run: () => unknown): number {
  const begin = performance.now();
  run();
  return (performance.now() - begin) * 1000;
}

for (const size of sizes) {
  const bodies = Array.from({ length: runs }, (_, seed) => body(size, seed));
  const original = median(bodies.map(({ length }) => length));
  process.stdout.write(`\n${original} bytes\n`);
  for (const { name, compress, decompress } of algorithms) {
    for (const each of bodies.slice(0, 50)) decompress(compress(each));
    const compressed = bodies.map((each) => compress(each));
    const there = median(bodies.map((each) => time(() => compress(each))));
    const back = median(compressed.map((each) => time(() => decompress(each))));
    const length = median(compressed.map(({ length }) => length));
    process.stdout.write(
      `  ${name.padEnd(10)} ${String(length).padStart(6)} bytes (${((length / original) * 100).toFixed(0)} %)` +
        `  compress ${there.toFixed(0).padStart(4)} µs  decompress ${back.toFixed(0).padStart(4)} µs\n`,
    );
  }
}
