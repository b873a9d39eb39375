import { Closing } from "../../src/closing.js";
import { createDatabase } from "../services/database.js";
import { createVhost } from "../services/vhost.js";
import { type Instance, startInstance } from "./instance.js";

/** What several instances share: one database and one virtual host. Disposing of it kills the instances first. */
export interface Cluster extends AsyncDisposable {
  readonly databaseUrl: string;
  /** Starts one more instance, with these variables besides the shared ones. */
  start(environment?: NodeJS.ProcessEnv): Promise<Instance>;
}

/** Makes an empty database and an empty virtual host for instances with these variables. */
export async function openCluster(environment: NodeJS.ProcessEnv = {}): Promise<Cluster> {
  const closing = new Closing();
  try {
    const database = closing.use(await createDatabase());
    const vhost = closing.use(await createVhost());
    return {
      databaseUrl: database.url,
      async start(own = {}) {
        const shared = { DATABASE_URL: database.url, RABBITMQ_URL: vhost.url, DATABASE_POOL_SIZE: "4" };
        return closing.use(await startInstance({ ...shared, ...environment, ...own }));
      },
      [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose](),
    };
  } catch (error) {
    await closing[Symbol.asyncDispose]();
    throw error;
  }
}
