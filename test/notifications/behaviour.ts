import { afterAll, beforeAll, describe } from "vitest";
import { type DatabaseKind, type OpenedDatabase, openTestDatabase } from "../kit/databases.js";
import { changing } from "./change.js";
import { creating } from "./create.js";
import { renewingTheEpoch } from "./epoch.js";
import { readingTheLog } from "./event-log.js";
import { expiring } from "./expiry.js";
import { idempotency } from "./idempotency.js";
import { listing } from "./list.js";
import { publishing } from "./outbox.js";
import { keepingText } from "./text.js";
import { changingUpTo } from "./up-to.js";

/** What the domain promises, on whichever database: the tests of a kind share one, each with users of its own. */
export function describeNotifications(kind: DatabaseKind): void {
  describe(`notifications on ${kind}`, () => {
    let opened: OpenedDatabase;
    beforeAll(async () => {
      opened = await openTestDatabase(kind);
    });
    afterAll(() => opened[Symbol.asyncDispose]());

    const suites = [
      creating,
      idempotency,
      changing,
      changingUpTo,
      expiring,
      listing,
      keepingText,
      readingTheLog,
      publishing,
      renewingTheEpoch,
    ];
    for (const suite of suites) suite(() => opened.database);
  });
}
