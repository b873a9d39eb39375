import type { FastifyInstance, FastifyReply } from "fastify";
import type { Log } from "../../telemetry/log.js";
import { clientAddress } from "../requests/client-address.js";
import type { BufferedBytes } from "./buffered-bytes.js";

/** What is buffered for HTTP clients. */
export interface RequestBuffers {
  /** Incomplete request bodies. */
  readonly incoming: BufferedBytes;
  /** Unread responses. */
  readonly outgoing: BufferedBytes;
}

/** Counts the bytes of each request body until it is complete, and those of each response until the operating system has taken them. */
export function registerRequestBuffering(
  server: FastifyInstance,
  { incoming, outgoing }: RequestBuffers,
  log: Log,
): void {
  server.addHook("preParsing", (request, _reply, payload, done) => {
    const { headers, raw } = request;
    if (headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined) {
      const disconnect = (): void => {
        log.info({ requestId: request.id }, "request disconnected: too many incomplete bodies");
        raw.socket.destroy();
      };
      const body = incoming.open(clientAddress(raw.socket.remoteAddress), disconnect);
      payload.on("data", (chunk: Buffer) => body.add(chunk.length));
      payload.once("end", body.release);
      payload.once("close", body.release);
    }
    done(null, payload);
  });

  server.addHook("onSend", async (request, reply, payload: unknown) => {
    const { socket } = request.raw;
    const disconnect = (): void => {
      log.info({ requestId: request.id }, "slow client disconnected");
      // Fastify writes the response after this hook; the socket must exist until then.
      setImmediate(() => socket.destroy());
    };
    const response = outgoing.open(clientAddress(socket.remoteAddress), disconnect);
    reply.raw.once("finish", response.release);
    reply.raw.once("close", response.release);
    response.add(sizeOf(payload, reply));
    return payload;
  });
}

/** A file is sent as a stream. It counts with its whole size, which is the time limit's measure. */
function sizeOf(payload: unknown, reply: FastifyReply): number {
  if (typeof payload === "string" || Buffer.isBuffer(payload)) return payload.length;
  return Number(reply.getHeader("content-length") ?? 0);
}
