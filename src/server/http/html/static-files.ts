import { fastifyStatic } from "@fastify/static";
import type { FastifyInstance } from "fastify";

/**
 * Serves the scripts, styles, fonts and images that pages load, from our own origin only. The build puts a hash of its content
 * into the name of each file, so that browsers may cache it forever.
 * @param prefix of their URLs; starts and ends with a slash
 * @param folder absolute path
 */
export function registerFiles(server: FastifyInstance, prefix: string, folder: string): void {
  server.register(fastifyStatic, {
    root: folder,
    prefix,
    decorateReply: false,
    index: false,
    maxAge: "365d",
    immutable: true,
  });
}
