import { getOperationAST, getVariableValues, parse, validate } from "graphql";
import { expect, test } from "vitest";
import { createSchema } from "../../src/server/graphql/schema.js";
import { documentOf, readExamples } from "../../src/server/http/sandbox/examples.js";

const schema = createSchema();
const examples = await readExamples();

test("the examples come in the order in which a new developer needs them, then those for operators", () => {
  expect(examples.map(({ group, title }) => `${group}: ${title}`)).toEqual([
    "Inbox: Inbox",
    "Inbox: Create",
    "Inbox: Watch",
    "Inbox: Mark read",
    "Inbox: Mark all read",
    "Inbox: Delete",
    "Inbox: Clear",
    "Inbox: List unread",
    "Webhooks: Endpoints",
    "Webhooks: Create endpoint",
    "Webhooks: Send test event",
    "Webhooks: Rotate secret",
    "Webhooks: Disable endpoint",
    "Webhooks: Delete endpoint",
    "Dead letters: List",
    "Dead letters: Retry",
    "Dead letters: Discard",
  ]);
});

test.each(examples)("$group: $title is a valid operation with variables of its types", (example) => {
  const ast = parse(documentOf(example));
  expect(validate(schema, ast)).toEqual([]);

  // Null when there is more than one: a tab sends without asking which.
  const operation = getOperationAST(ast);
  expect(operation).not.toBeNull();
  const { errors } = getVariableValues(schema, operation?.variableDefinitions ?? [], example.variables);
  expect(errors).toBeUndefined();
});
