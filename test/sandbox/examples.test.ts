import { getOperationAST, getVariableValues, parse, validate } from "graphql";
import { expect, test } from "vitest";
import { makeSchema } from "../../src/graphql/schema.js";
import { readExamples } from "../../src/http/sandbox/examples.js";

const schema = makeSchema();
const examples = await readExamples();

test("the examples come in the order in which a newcomer wants them", () => {
  expect(examples.map(({ title }) => title)).toEqual([
    "Inbox",
    "Create",
    "Watch",
    "Mark read",
    "Mark all read",
    "Delete",
    "Clear",
    "List unread",
  ]);
});

test.each(examples)("$title is a valid operation with variables of its types", ({ document, variables }) => {
  const ast = parse(document);
  expect(validate(schema, ast)).toEqual([]);

  // Null when there is more than one: a tab sends without asking which.
  const operation = getOperationAST(ast);
  expect(operation).not.toBeNull();
  expect(getVariableValues(schema, operation?.variableDefinitions ?? [], variables).errors).toBeUndefined();
});
