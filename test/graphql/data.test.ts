import { describe, expect, test } from "vitest";
import { sendScope } from "../../src/server/auth/viewer.js";
import { RawSocket } from "../http/raw-socket.js";
import { token } from "../kit/app.js";
import { newUser } from "../kit/domain.js";
import { sharedApp } from "../kit/shared-app.js";

const service = sharedApp();

interface Failure {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

interface Result {
  readonly data?: {
    readonly createNotification: { readonly notification: { readonly data: unknown } };
  } | null;
  readonly errors?: readonly Failure[];
}

const withVariables = `mutation ($input: CreateNotificationInput!) {
  createNotification(input: $input) { notification { data } } }`;

/** The body of an operation that creates a notification with this data, as text: a number in it is as the test wrote it. */
function bodyOf(query: string, variables: string): string {
  return `{"query":${JSON.stringify(query)},"variables":${variables}}`;
}

function input(data: string, title = '"A title"'): string {
  return `{"userId":"${newUser()}","category":"a","title":${title},"data":${data}}`;
}

/** Data in the document itself: GraphQL writes names without quotes. */
function inDocument(data: string, definitions = ""): string {
  const literal = data.replaceAll(/"(\w+)":/g, "$1:");
  return `mutation ${definitions} { createNotification(input: { userId: "${newUser()}", category: "a", title: "b",
    data: ${literal} }) { notification { data } } }`;
}

const waysIn: Readonly<Record<string, (data: string) => string>> = {
  "a variable": (data) => bodyOf(withVariables, `{"input":${input(data)}}`),
  "a variable of the scalar": (data) => bodyOf(inDocument("$data", "($data: JSON)"), `{"data":${data}}`),
  "a variable inside of a literal": (data) =>
    bodyOf(inDocument("{ list: [$data] }", "($data: JSON)"), `{"data":${data}}`),
  "the document": (data) => bodyOf(inDocument(data), "{}"),
  "a default of a variable": (data) =>
    bodyOf(inDocument("$data", `($data: JSON = ${data.replaceAll(/"(\w+)":/g, "$1:")})`), "{}"),
};

async function overHttp(body: string): Promise<Result> {
  const authorization = `Bearer ${await token("backend", sendScope)}`;
  const headers = { "content-type": "application/json", authorization };
  const response = await fetch(`${service.url}/graphql`, { method: "POST", headers, body });
  return (await response.json()) as Result;
}

async function overSocket(body: string): Promise<Result> {
  const url = `${service.url.replace("http", "ws")}/graphql`;
  await using socket = await RawSocket.acknowledged(url, await token("backend", sendScope));
  socket.send(`{"id":"1","type":"subscribe","payload":${body}}`);
  const { type, payload } = await socket.next();
  return type === "error" ? { errors: payload as readonly Failure[] } : (payload as Result);
}

const transports = { "over HTTP": overHttp, "over a socket": overSocket };

const doors = Object.entries(transports).flatMap(([transport, send]) =>
  Object.entries(waysIn).map(
    ([way, body]) => [`${way} ${transport}`, async (data: string) => send(body(data))] as const,
  ),
);

describe.each(doors)("data in %s", (_name, send) => {
  test.each([
    "1e400",
    "-1e400",
    "1e-400",
    "12345678901234567890",
    "9007199254740993",
    "0.1000000000000000055511151231257827",
    "3.14159265358979323846",
    `1${"0".repeat(30)}1`,
  ])("is refused with a number that JavaScript cannot hold: %s", async (number) => {
    for (const data of [number, `{"a":[0,{"b":${number}}]}`]) {
      const { data: answer, errors } = await send(data);
      expect(answer ?? null).toBeNull();
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.extensions).toEqual({ code: "BAD_USER_INPUT", field: "input.data" });
      expect(errors?.[0]?.message).toBe(
        `input.data must not contain the number ${number}, which JavaScript cannot hold exactly: send it as a string`,
      );
    }
  });

  test("keeps every other number, however it is written", async () => {
    const numbers =
      "[1.0,1e2,-0,0.1,1.50,5e-324,1.7976931348623157e308,9007199254740992,123456789012345680000]";
    const { data } = await send(numbers);
    const kept = data?.createNotification.notification.data;
    const expected = [1, 100, 0, 0.1, 1.5, 5e-324, Number.MAX_VALUE, 2 ** 53, 123456789012345680000];
    expect(JSON.stringify(kept)).toContain(JSON.stringify(expected));
  });

  test.each([
    ['{"__proto__":{"polluted":true}}', "__proto__"],
    ['{"a":[{"__proto__":null}]}', "__proto__"],
    ['{"a":{"constructor":{"prototype":{"polluted":true}}}}', "constructor with a prototype"],
  ])("is refused with names that change other objects: %s", async (data, name) => {
    const { errors } = await send(data);
    expect(errors).toMatchObject([
      {
        message: `input.data must not contain the name ${name}`,
        extensions: { code: "BAD_USER_INPUT", field: "input.data" },
      },
    ]);
    expect({}).not.toHaveProperty("polluted");
  });

  test("may have a constructor, and a prototype", async () => {
    const { data } = await send('{"constructor":"Hochtief","prototype":[{"constructor":{}}]}');
    expect(JSON.stringify(data)).toContain('{"constructor":"Hochtief","prototype":[{"constructor":{}}]}');
  });
});

test.each(Object.entries(transports))(
  "an id that JavaScript cannot hold as a number is refused %s",
  async (_name, send) => {
    const fields = '"category":"a","title":"b"';
    const { errors } = await send(
      bodyOf(withVariables, `{"input":{"userId":12345678901234567890,${fields}}}`),
    );
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    expect(errors?.[0]?.message).toContain("ID cannot represent value: 12345678901234567890");
  },
);

test.each(Object.entries(transports))(
  "of a name that comes twice in JSON, the last one counts %s",
  async (_name, send) => {
    const { data } = await send(bodyOf(withVariables, `{"input":${input('{"a":1,"a":2}')}}`));
    expect(data?.createNotification.notification.data).toEqual({ a: 2 });
  },
);

test("a name that comes twice in the document is refused", async () => {
  const { errors } = await overHttp(bodyOf(inDocument("{a: 1, a: 2}"), "{}"));
  expect(errors).toMatchObject([{ extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }]);
});

test("a value in the document that is no JSON is refused, and not left out", async () => {
  const { errors } = await overHttp(bodyOf(inDocument("{a: [SHIPPED]}"), "{}"));
  expect(errors).toMatchObject([
    {
      message: 'JSON has no enum values: write "SHIPPED" in quotes',
      extensions: { code: "GRAPHQL_VALIDATION_FAILED" },
    },
  ]);
});

test("the variables of a GET are refused with a number that JavaScript cannot hold", async () => {
  const query = "query ($userId: ID!) { inbox(userId: $userId) { userId } }";
  const get = async (variables: string): Promise<Response> =>
    fetch(`${service.url}/graphql?${new URLSearchParams({ query, variables }).toString()}`, {
      headers: { "apollo-require-preflight": "1", authorization: `Bearer ${await token("7")}` },
    });
  expect(await (await get('{"userId":7}')).json()).toEqual({ data: { inbox: { userId: "7" } } });
  const refused = await get('{"userId":12345678901234567890}');
  expect(refused.status).toBe(400);
  expect(await refused.json()).toEqual({
    errors: [
      {
        message:
          "The variables contain a number that JavaScript cannot represent exactly: send it as a string",
        extensions: { code: "BAD_REQUEST" },
      },
    ],
  });
});
