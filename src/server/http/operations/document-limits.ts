import { GraphQLError, Lexer, Source, TokenKind } from "graphql";

/** For each location of each error, graphql-js counts the lines from the beginning of the document. */
const maxLines = 10_000;

/** Validation rules compare names with one another, character by character. */
const maxNameLength = 200;

/**
 * Checks whether a document is too costly to parse or to validate. Documents with a syntax error pass, because the parser reports
 * them better.
 * @param maxTokens the check stops after this number of tokens, as the parser does
 * @returns null when it is not too costly
 */
export function checkDocumentLimits(document: string, maxTokens: number): GraphQLError | null {
  if (hasTooManyLines(document)) return limitError(`The document has more than ${maxLines} lines`);
  if (document.length > maxNameLength && hasLongName(document, maxTokens)) {
    return limitError(`The document contains a name of more than ${maxNameLength} characters`);
  }
  return null;
}

function hasTooManyLines(document: string): boolean {
  let lines = 1;
  for (let index = 0; index < document.length && lines <= maxLines; index += 1) {
    const character = document[index];
    if (character === "\n" || character === "\r") lines += 1;
  }
  return lines > maxLines;
}

function hasLongName(document: string, maxTokens: number): boolean {
  const lexer = new Lexer(new Source(document));
  try {
    for (let count = 0; count <= maxTokens; count += 1) {
      const { kind, value } = lexer.advance();
      if (kind === TokenKind.NAME && value.length > maxNameLength) return true;
      if (kind === TokenKind.EOF) return false;
    }
  } catch {
    // A syntax error: the parser reports it.
  }
  return false;
}

function limitError(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "GRAPHQL_VALIDATION_FAILED" } });
}
