import { z } from "zod";

const graphqlResponse = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).loose() }).loose())
    .optional(),
});

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: z.infer<typeof graphqlResponse>;
}

/** Sends a POST, by default as JSON, and expects an answer in GraphQL's shape. */
export async function post(
  url: string,
  body: string | object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: graphqlResponse.parse(JSON.parse(text)),
  };
}

export function query(url: string, text: string, token?: string): Promise<Answer> {
  return post(url, { query: text }, token === undefined ? {} : { authorization: `Bearer ${token}` });
}

/** The code of the first error. */
export function codeOf({ body }: Answer): string | undefined {
  return body.errors?.[0]?.extensions.code;
}
