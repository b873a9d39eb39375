import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { adminScope, sendScope } from "../../src/server/auth/viewer.js";
import { startApp } from "../kit/app.js";
import { openOnServer, type OpenedOnServer } from "../kit/databases.js";
import type { Answer } from "../kit/requests.js";
import { sharedApp } from "../kit/shared-app.js";
import { openReceiver, verified, type WebhookReceiver } from "../kit/webhook-receiver.js";
import { waitUntil } from "../services/wait-until.js";

const environment = { WEBHOOK_ALLOWED_NETWORKS: "127.0.0.0/8" };
const unknownId = "01890a5d-ac96-774b-bcce-b302099a8057";

const fields = "id url description enabled disabledReason eventTypes categories batch { maxEvents maxAge }";
const createDocument = `mutation ($input: CreateWebhookEndpointInput!) {
  createWebhookEndpoint(input: $input) { endpoint { ${fields} } secret } }`;
const updateDocument = `mutation ($id: ID!, $input: UpdateWebhookEndpointInput!) {
  updateWebhookEndpoint(id: $id, input: $input) { endpoint { ${fields} } } }`;
const listDocument = `{ webhookEndpoints { ${fields} } }`;
const attemptsDocument = `query ($id: ID!, $first: Int, $after: String) { webhookEndpoint(id: $id) {
  attempts(first: $first, after: $after) {
    nodes { eventId delivered status error attempt latency } pageInfo { hasNextPage endCursor } } } }`;
const byId = {
  enable: "mutation ($id: ID!) { enableWebhookEndpoint(id: $id) { endpoint { enabled disabledReason } } }",
  disable: "mutation ($id: ID!) { disableWebhookEndpoint(id: $id) { endpoint { enabled disabledReason } } }",
  rotate: "mutation ($id: ID!) { rotateWebhookSecret(id: $id) { secret } }",
  test: "mutation ($id: ID!) { sendTestWebhook(id: $id) { attempt { delivered status error attempt } } }",
  delete: "mutation ($id: ID!) { deleteWebhookEndpoint(id: $id) { deletedId } }",
};

interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly enabled: boolean;
}

describe.each(["embedded", "on servers"])("webhooks, %s", (kind) => {
  let opened: OpenedOnServer | null = null;
  beforeAll(async () => {
    if (kind === "on servers") opened = await openOnServer();
  });
  const service = sharedApp(() =>
    startApp({ ...environment, ...(opened !== null && { DATABASE_URL: opened.url }) }),
  );
  afterAll(() => opened?.[Symbol.asyncDispose]());

  let receiver: WebhookReceiver;
  beforeEach(async () => {
    receiver = await openReceiver();
  });
  afterEach(async () => {
    const { webhookEndpoints } = await operate<{ webhookEndpoints: Endpoint[] }>(listDocument);
    for (const { id } of webhookEndpoints) await operate(byId.delete, { id });
    await receiver[Symbol.asyncDispose]();
  });

  const operate = <T = Record<string, unknown>>(document: string, variables = {}): Promise<T> =>
    service.data<T>("operator", document, variables, adminScope);
  const attempt = (document: string, variables = {}): Promise<Answer<Record<string, unknown>>> =>
    service.as("operator", document, variables, adminScope);

  async function create(input: object = {}): Promise<{ endpoint: Endpoint; secret: string }> {
    const { createWebhookEndpoint } = await operate<{
      createWebhookEndpoint: { endpoint: Endpoint; secret: string };
    }>(createDocument, { input: { url: receiver.url, ...input } });
    return createWebhookEndpoint;
  }

  test("are for operators, and for nobody else", async () => {
    const documents = [listDocument, createDocument, updateDocument, ...Object.values(byId)];
    const variables = { id: unknownId, input: { url: receiver.url } };
    for (const document of documents) {
      for (const scope of ["", sendScope]) {
        const { errors } = await service.as("someone", document, variables, scope);
        expect(errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
      }
    }
  });

  test("are created, listed, changed, disabled, enabled and deleted; the secret is shown once", async () => {
    const { endpoint, secret } = await create({ description: "ours", eventTypes: ["CREATED", "ALL_READ"] });
    const { id } = endpoint;
    const asCreated = {
      id,
      url: receiver.url,
      description: "ours",
      enabled: true,
      disabledReason: null,
      eventTypes: ["CREATED", "ALL_READ"],
      categories: null,
      batch: null,
    };
    expect(endpoint).toEqual(asCreated);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/);
    expect(await operate(listDocument)).toEqual({ webhookEndpoints: [asCreated] });

    const input = { eventTypes: null, categories: ["a.b"], batch: { maxEvents: 7, maxAge: 100 } };
    expect(await operate(updateDocument, { id, input })).toEqual({
      updateWebhookEndpoint: { endpoint: { ...asCreated, ...input } },
    });
    expect(await operate(byId.disable, { id })).toEqual({
      disableWebhookEndpoint: { endpoint: { enabled: false, disabledReason: "BY_ADMIN" } },
    });
    expect(await operate(byId.enable, { id })).toEqual({
      enableWebhookEndpoint: { endpoint: { enabled: true, disabledReason: null } },
    });
    expect(await operate(byId.delete, { id })).toEqual({ deleteWebhookEndpoint: { deletedId: id } });
    expect(await operate(byId.delete, { id })).toEqual({ deleteWebhookEndpoint: { deletedId: null } });
    expect(await operate(listDocument)).toEqual({ webhookEndpoints: [] });
  });

  test.each([
    ["input.url", { url: "ftp://example.com" }],
    ["input.url", { url: "https://me:secret@example.com" }],
    ["input.url", { url: `https://example.com/${"x".repeat(2000)}` }],
    ["input.description", { description: "x".repeat(501) }],
    ["input.eventTypes", { eventTypes: [] }],
    ["input.categories", { categories: [] }],
    ["input.categories", { categories: ["Not A Slug"] }],
    ["input.batch.maxEvents", { batch: { maxEvents: 0, maxAge: 100 } }],
    ["input.batch.maxAge", { batch: { maxEvents: 1, maxAge: 99 } }],
  ])("are refused with one line that names %s: %o", async (field, wrong) => {
    const { errors } = await attempt(createDocument, { input: { url: "https://example.com", ...wrong } });
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field } }]);
    expect(errors?.[0]?.message).not.toContain("secret");
  });

  test.each(["enable", "disable", "rotate", "test"] as const)(
    "that do not exist cannot be told to %s",
    async (name) => {
      for (const id of [unknownId, "no id"]) {
        const { errors } = await attempt(byId[name], { id });
        expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field: "id" } }]);
      }
    },
  );

  test("are tried out, also while they are disabled, and every attempt is listed, page by page", async () => {
    const { endpoint, secret } = await create();
    const { id } = endpoint;
    expect(await operate(byId.test, { id })).toEqual({
      sendTestWebhook: { attempt: { delivered: true, status: 204, error: null, attempt: 1 } },
    });
    expect(verified(receiver.calls[0], secret)).toMatchObject({ type: "test", data: {} });
    const { rotateWebhookSecret } = await operate<{ rotateWebhookSecret: { secret: string } }>(byId.rotate, {
      id,
    });
    await operate(byId.disable, { id });
    receiver.answer((response) => response.writeHead(500).end("out of order"));
    const { sendTestWebhook } = await operate<{ sendTestWebhook: { attempt: object } }>(byId.test, { id });
    expect(sendTestWebhook.attempt).toMatchObject({ delivered: false, status: 500 });
    for (const each of [secret, rotateWebhookSecret.secret]) verified(receiver.calls[1], each);

    interface Page {
      webhookEndpoint: {
        attempts: { nodes: { status: number }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      };
    }
    const first = await operate<Page>(attemptsDocument, { id, first: 1 });
    expect(first.webhookEndpoint.attempts).toMatchObject({
      nodes: [{ status: 500, delivered: false }],
      pageInfo: { hasNextPage: true },
    });
    const after = first.webhookEndpoint.attempts.pageInfo.endCursor;
    const second = await operate<Page>(attemptsDocument, { id, after });
    expect(second.webhookEndpoint.attempts).toMatchObject({
      nodes: [{ status: 204, delivered: true, error: null }],
      pageInfo: { hasNextPage: false },
    });
    const { errors } = await attempt(attemptsDocument, { id, first: 101 });
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field: "first" } }]);
  });

  test("that lead into the own network are not called, unless it is allowed", async () => {
    const { endpoint } = await create({ url: `http://[::1]:${receiver.port}/` });
    const { sendTestWebhook } = await operate<{ sendTestWebhook: { attempt: object } }>(byId.test, {
      id: endpoint.id,
    });
    expect(sendTestWebhook.attempt).toMatchObject({ delivered: false, status: null });
    expect(receiver.calls).toHaveLength(0);
  });

  test("are given what happens, by way of the worker of the same process", async () => {
    const { secret } = await create();
    await service.create("alice", 3);
    await waitUntil("Every event", () => receiver.calls.length === 3);
    expect(receiver.calls.map((call) => verified(call, secret))).toMatchObject(
      [1, 2, 3].map((n) => ({ type: "notification.created", data: { notification: { title: `No. ${n}` } } })),
    );
  });
});
