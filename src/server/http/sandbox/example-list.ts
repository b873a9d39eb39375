/** An example by the file of its operation. */
export interface ExampleFile {
  readonly group: "Inbox" | "Webhooks" | "Dead letters";
  readonly title: string;
  readonly file: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const order = {
  userId: "alice",
  category: "order.shipped",
  title: "Your order is on its way",
  body: "It should arrive on Thursday.",
  data: { orderId: "A-1042" },
  actionUrl: "/orders/A-1042",
  priority: "NORMAL",
};

/** In the order in which a new developer needs them, then those for operators. */
export const exampleFiles: readonly ExampleFile[] = [
  {
    group: "Inbox",
    title: "Inbox",
    file: "inbox.graphql",
    variables: { userId: "alice", first: 20 },
  },
  {
    group: "Inbox",
    title: "Create",
    file: "create-notification.graphql",
    variables: { input: order },
  },
  {
    group: "Inbox",
    title: "Watch",
    file: "notification-events.graphql",
    variables: { userId: "alice", after: null },
  },
  {
    group: "Inbox",
    title: "Mark read",
    file: "mark-notifications-read.graphql",
    variables: { userId: "alice", ids: ["an id from the inbox"] },
  },
  {
    group: "Inbox",
    title: "Mark all read",
    file: "mark-all-notifications-read.graphql",
    variables: { userId: "alice", upTo: null },
  },
  {
    group: "Inbox",
    title: "Delete",
    file: "delete-notifications.graphql",
    variables: { userId: "alice", ids: ["an id from the inbox"] },
  },
  {
    group: "Inbox",
    title: "Clear",
    file: "clear-notifications.graphql",
    variables: { userId: "alice", upTo: null },
  },
  {
    group: "Inbox",
    title: "List unread",
    file: "notifications.graphql",
    variables: {
      userId: "alice",
      filter: { read: false, categories: ["order.shipped"] },
      first: 20,
      after: null,
    },
  },
  {
    group: "Webhooks",
    title: "Endpoints",
    file: "webhook-endpoints.graphql",
    variables: { attempts: 5 },
  },
  {
    group: "Webhooks",
    title: "Create endpoint",
    file: "create-webhook-endpoint.graphql",
    variables: {
      input: {
        url: "https://example.com/hooks",
        description: "The warehouse",
        eventTypes: ["CREATED"],
        categories: ["order.shipped"],
      },
    },
  },
  {
    group: "Webhooks",
    title: "Send test event",
    file: "send-test-webhook.graphql",
    variables: { id: "an endpoint's id" },
  },
  {
    group: "Webhooks",
    title: "Rotate secret",
    file: "rotate-webhook-secret.graphql",
    variables: { id: "an endpoint's id" },
  },
  {
    group: "Webhooks",
    title: "Disable endpoint",
    file: "disable-webhook-endpoint.graphql",
    variables: { id: "an endpoint's id" },
  },
  {
    group: "Webhooks",
    title: "Delete endpoint",
    file: "delete-webhook-endpoint.graphql",
    variables: { id: "an endpoint's id" },
  },
  {
    group: "Dead letters",
    title: "List",
    file: "dead-letters.graphql",
    variables: { filter: {}, first: 20, after: null },
  },
  {
    group: "Dead letters",
    title: "Retry",
    file: "retry-dead-letters.graphql",
    variables: { ids: ["a dead letter's id"], filter: null },
  },
  {
    group: "Dead letters",
    title: "Discard",
    file: "discard-dead-letters.graphql",
    variables: { ids: ["a dead letter's id"], filter: null },
  },
];
