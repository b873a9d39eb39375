import type { FastifyInstance, FastifyRequest } from "fastify";
import { markInexactNumbers, parseJson } from "../../validation/json.js";

/** The request cannot be read. The client receives the message. */
export class UnreadableRequestError extends Error {
  override readonly name = "UnreadableRequestError";

  constructor(
    readonly statusCode: 400 | 415,
    message: string,
  ) {
    super(message);
  }
}

/** Throws for input that is not UTF-8, and ignores a byte order mark at its start (allowed by RFC 8259, section 8.1). */
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Parses request bodies with `parseJson`; they must be JSON in UTF-8. Names such as __proto__ become own properties of the
 * object; the code that uses the value decides whether it accepts them.
 */
export function registerJsonBodyParser(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>(
    "application/json",
    { parseAs: "buffer" },
    // Async, so that an error that it throws becomes the response.
    async (request: FastifyRequest, body: Buffer) => readBody(request.headers, body),
  );
}

function readBody(headers: FastifyRequest["headers"], body: Buffer): unknown {
  if (!charsetsOf(headers["content-type"]).every(isUtf8Label)) {
    throw new UnreadableRequestError(415, "The request body must be encoded in UTF-8");
  }
  if ((headers["content-encoding"] ?? "identity").toLowerCase() !== "identity") {
    throw new UnreadableRequestError(415, "The request body must not be compressed");
  }
  const text = decode(body);
  if (text === "") throw new UnreadableRequestError(400, "The request body is empty");
  try {
    return parseJson(text);
  } catch {
    throw new UnreadableRequestError(400, "The request body is not valid JSON");
  }
}

/**
 * Checks the variables in the URL of a GET request, which Apollo Server reads with `JSON.parse`.
 * @throws UnreadableRequestError when they contain a number that `JSON.parse` would change
 */
export function checkQueryVariables(url: string): void {
  const { searchParams } = new URL(url, "http://localhost");
  if (searchParams.getAll("variables").every((text) => markInexactNumbers(text) === text)) return;
  throw new UnreadableRequestError(
    400,
    "The variables contain a number that JavaScript cannot represent exactly: send it as a string",
  );
}

function decode(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new UnreadableRequestError(400, "The request body is not valid UTF-8");
  }
}

/** A parameter of a media type; its value may be quoted (RFC 9110, section 5.6.6). */
const parameter = /;\s*([^\s=;]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)/g;

/** The values of all charset parameters; there may be several that contradict each other. */
function charsetsOf(contentType = ""): string[] {
  return [...contentType.matchAll(parameter)].flatMap(([, name = "", value = ""]) =>
    name.toLowerCase() === "charset" ? [value.trim().replace(/^"(.*)"$/, "$1")] : [],
  );
}

function isUtf8Label(charset: string): boolean {
  return /^utf-?8$/i.test(charset);
}
