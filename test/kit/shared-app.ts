import { afterAll, beforeAll } from "vitest";
import { sendScope } from "../../src/server/auth/viewer.js";
import { type Answer, ask } from "./requests.js";
import { startApp, type TestApp, token } from "./app.js";

/** One instance for all tests of a group: each uses users of its own. */
export function sharedApp(start: () => Promise<TestApp> = startApp): SharedApp {
  const running = new SharedApp();
  beforeAll(async () => {
    running.app = await start();
  }, 60_000);
  afterAll(async () => {
    await running.app?.[Symbol.asyncDispose]();
  });
  return running;
}

type Variables = Record<string, unknown>;

export class SharedApp {
  app: TestApp | null = null;

  get url(): string {
    if (this.app === null) throw new Error("the instance is not started yet");
    return this.app.url;
  }

  /** Asks as this user, with these scopes. */
  async as<T = Variables>(
    userId: string,
    document: string,
    variables: Variables = {},
    scope = "",
  ): Promise<Answer<T>> {
    return ask<T>(this.url, await token(userId, scope), document, variables);
  }

  /** The same, where no error is expected. */
  async data<T = Variables>(
    userId: string,
    document: string,
    variables: Variables = {},
    scope = "",
  ): Promise<T> {
    const { data, errors } = await this.as<T>(userId, document, variables, scope);
    if (errors !== undefined || data === null || data === undefined) {
      throw new Error(`the operation failed: ${JSON.stringify(errors)}`);
    }
    return data;
  }

  /** Creates `count` notifications for a user, and returns their ids in order. */
  async create(userId: string, count: number, fields: Variables = {}): Promise<string[]> {
    const inputs = Array.from({ length: count }, (_, index) => ({
      userId,
      category: "test.plain",
      title: `No. ${index + 1}`,
      ...fields,
    }));
    const { createNotifications } = await this.data<{
      createNotifications: { notifications: { id: string }[] };
    }>(
      "backend",
      `mutation ($inputs: [CreateNotificationInput!]!) { createNotifications(inputs: $inputs) { notifications { id } } }`,
      { inputs },
      sendScope,
    );
    return createNotifications.notifications.map(({ id }) => id);
  }
}
