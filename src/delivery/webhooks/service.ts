import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../database/database.js";
import {
  type AttemptPage,
  type AttemptPageRequest,
  attemptOf,
  listAttempts,
  recordAttempts,
  type WebhookAttempt,
} from "./attempts.js";
import type { WebhookEndpoint } from "./endpoint.js";
import type { EndpointChanges, NewEndpoint } from "./endpoint-input.js";
import {
  createEndpoint,
  deleteEndpoint,
  disableEndpoint,
  disableGoneEndpoint,
  enableEndpoint,
  listEndpoints,
  readEndpoint,
  rotateSecret,
  unknownEndpoint,
  updateEndpoint,
} from "./endpoints.js";
import { testBody } from "./payload.js";
import type { WebhookSender } from "./sender.js";

/** Everything that operators can do with webhooks. Knows nothing of who may do it. */
export class WebhookService {
  readonly #database: Database;
  readonly #sender: WebhookSender;

  constructor(database: Database, sender: WebhookSender) {
    this.#database = database;
    this.#sender = sender;
  }

  /** See `listEndpoints`. */
  async list(): Promise<readonly WebhookEndpoint[]> {
    return await listEndpoints(this.#database);
  }

  /** See `readEndpoint`. */
  async read(id: string): Promise<WebhookEndpoint | null> {
    return await readEndpoint(this.#database, id);
  }

  /** See `createEndpoint`. */
  async create(input: NewEndpoint): Promise<WebhookEndpoint> {
    return await createEndpoint(this.#database, input);
  }

  /** See `updateEndpoint`. */
  async update(id: string, changes: EndpointChanges): Promise<WebhookEndpoint> {
    return await updateEndpoint(this.#database, id, changes);
  }

  /** See `enableEndpoint`. */
  async enable(id: string): Promise<WebhookEndpoint> {
    return await enableEndpoint(this.#database, id);
  }

  /** See `disableEndpoint`. */
  async disable(id: string): Promise<WebhookEndpoint> {
    return await disableEndpoint(this.#database, id);
  }

  /** See `deleteEndpoint`. */
  async delete(id: string): Promise<boolean> {
    return await deleteEndpoint(this.#database, id);
  }

  /** See `rotateSecret`. */
  async rotateSecret(id: string): Promise<WebhookEndpoint> {
    return await rotateSecret(this.#database, id);
  }

  /** See `listAttempts`. */
  async attempts(endpointId: string, request: AttemptPageRequest): Promise<AttemptPage> {
    return await listAttempts(this.#database, endpointId, request);
  }

  /**
   * Posts an event of type `test` now, also to an endpoint that is disabled, and remembers the attempt.
   * @throws InvalidInputError when there is no such endpoint.
   */
  async sendTest(id: string): Promise<WebhookAttempt> {
    const endpoint = await readEndpoint(this.#database, id);
    if (endpoint === null) throw unknownEndpoint();
    const [eventId, attemptedAt] = [uuidv7(), new Date()];
    const body = testBody(eventId, attemptedAt);
    const outcome = await this.#sender.send({ endpoint, messageId: eventId, body });
    if (outcome.kind === "gone") await disableGoneEndpoint(this.#database, endpoint);
    const made = attemptOf(outcome, { endpointId: endpoint.id, eventId, attempt: 1, attemptedAt });
    const [attempt] = await recordAttempts(this.#database, [made]);
    if (attempt === undefined) throw unknownEndpoint();
    return attempt;
  }
}
