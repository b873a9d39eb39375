import { expect, it } from "vitest";
import { jwtSecret } from "../kit/app.js";
import { runToExit } from "../kit/run-to-exit.js";
import { createDatabase } from "../services/database.js";
import { createVhost } from "../services/vhost.js";

it("an instance whose virtual host does not exist ends with one line that names RABBITMQ_URL", async () => {
  await using database = await createDatabase();
  await using vhost = await createVhost();
  const { code, errors } = await runToExit({
    DATABASE_URL: database.url,
    RABBITMQ_URL: vhost.url.replace(/[^/]+$/, "nowhere"),
    AUTH_JWT_SECRET: jwtSecret,
  });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(
    /^Carillon cannot start: .*\/nowhere: there is no such virtual host.*RABBITMQ_URL/,
  );
  expect(errors[0]).not.toMatch(/guest|@/);
  expect(code).toBe(1);
});
