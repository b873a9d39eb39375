import { once } from "node:events";
import { expect, it } from "vitest";
import { adminScope } from "../../src/auth/viewer.js";
import { keep } from "../../src/delivery/dead-letters/letters.js";
import { openSpy } from "../broker/rabbitmq-bed.js";
import { crashAt } from "../faults/crash-points.js";
import { startApp, token } from "../kit/app.js";
import { openOnServer } from "../kit/databases.js";
import { startInstance } from "../kit/instance.js";
import { upTo } from "../kit/items.js";
import { ask } from "../kit/requests.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { createVhost } from "../services/vhost.js";
import { waitUntil } from "../services/wait-until.js";
import { deadInOrder, lettersIn } from "./dead-letter.js";

const retryAll = "mutation { retryDeadLetters(filter: {}) { count } }";

it("an instance that is killed -9 between putting back and removing loses no letter", async () => {
  await using opened = await openOnServer();
  await using vhost = await createVhost();
  const environment = { DATABASE_URL: opened.url, RABBITMQ_URL: vhost.url, ROLES: "api" };
  const operator = await token("operator", adminScope);
  const names = upTo(10).map((n) => `event ${n}`);
  await keep(opened.database, deadInOrder(...names));

  await using dying = await startInstance({ ...environment, ...crashAt("after-put-back", 4) });
  const exit = once(dying.process, "exit");
  await expect(ask(dying.url, operator, retryAll)).rejects.toThrow();
  expect(await exit).toEqual([null, "SIGKILL"]);
  expect(await lettersIn(opened.database)).toHaveLength(names.length);

  await using next = await startInstance(environment);
  expect(await ask(next.url, operator, retryAll)).toEqual({
    data: { retryDeadLetters: { count: names.length } },
  });
  expect(await lettersIn(opened.database)).toEqual([]);
  await using spy = await openSpy(vhost.url);
  const { messageCount } = await spy.channel.checkQueue("notification.new");
  expect(messageCount).toBeGreaterThanOrEqual(names.length + 4);
  const found = new Set<unknown>();
  for (let taken = 0; taken < messageCount; taken += 1) {
    found.add((await spy.take("notification.new")).properties.messageId);
  }
  expect(found).toEqual(new Set(names));
});

it("an outage of the broker is told to the operator, with how many letters went before it", async () => {
  await using opened = await openOnServer();
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  await using app = await startApp({ DATABASE_URL: opened.url, RABBITMQ_URL: proxy.url, ROLES: "api" });
  await keep(opened.database, deadInOrder("a", "b"));
  proxy.cut();
  await waitUntil("Noticing", async () => (await fetch(`${app.url}/health/rabbitmq`)).status !== 200);
  const { errors } = await ask(app.url, await token("operator", adminScope), retryAll);
  expect(errors).toMatchObject([{ extensions: { code: "SERVICE_UNAVAILABLE", count: 0 } }]);
  expect(await lettersIn(opened.database)).toHaveLength(2);
});
